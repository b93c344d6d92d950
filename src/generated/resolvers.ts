import type * as Schema from './schema.js';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ImageModel, ImageRegionModel } from '../graphql/models/image.js';
import type { RegionModel } from '../graphql/models/region.js';
import type { LinodeModel } from '../graphql/models/linode.js';
import type { DiskModel } from '../graphql/models/disk.js';
import type { UserModel, ProfileModel } from '../graphql/models/user.js';
import type { EventModel } from '../graphql/models/event.js';
import type { GraphQLContext } from '../graphql/context.js';
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };


export type ResolverTypeWrapper<T> = Promise<T> | T;

export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Schema.Maybe<TTypes> | Promise<Schema.Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( DiskModel )
    | ( EventModel )
    | ( ImageModel )
    | ( LinodeModel )
    | ( RegionModel )
    | ( UserModel )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AccountPermissions: ResolverTypeWrapper<Schema.AccountPermissions>;
  Boolean: ResolverTypeWrapper<Schema.Scalars['Boolean']['output']>;
  CreateImageInput: Schema.CreateImageInput;
  CreateImagePayload: ResolverTypeWrapper<Omit<Schema.CreateImagePayload, 'image'> & { image?: Schema.Maybe<ResolversTypes['Image']> }>;
  DateTime: ResolverTypeWrapper<Schema.Scalars['DateTime']['output']>;
  DateTimeFilter: Schema.DateTimeFilter;
  DeleteImageInput: Schema.DeleteImageInput;
  DeleteImagePayload: ResolverTypeWrapper<Schema.DeleteImagePayload>;
  Disk: ResolverTypeWrapper<DiskModel>;
  DiskStatus: Schema.DiskStatus;
  Event: ResolverTypeWrapper<EventModel>;
  EventConnection: ResolverTypeWrapper<Omit<Schema.EventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['EventEdge']>, nodes: Array<ResolversTypes['Event']> }>;
  EventEdge: ResolverTypeWrapper<Omit<Schema.EventEdge, 'node'> & { node: ResolversTypes['Event'] }>;
  EventStatus: Schema.EventStatus;
  ID: ResolverTypeWrapper<Schema.Scalars['ID']['output']>;
  Image: ResolverTypeWrapper<ImageModel>;
  ImageChange: ResolverTypeWrapper<Omit<Schema.ImageChange, 'image'> & { image?: Schema.Maybe<ResolversTypes['Image']> }>;
  ImageChangeKind: Schema.ImageChangeKind;
  ImageConnection: ResolverTypeWrapper<Omit<Schema.ImageConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['ImageEdge']>, nodes: Array<ResolversTypes['Image']> }>;
  ImageEdge: ResolverTypeWrapper<Omit<Schema.ImageEdge, 'node'> & { node: ResolversTypes['Image'] }>;
  ImageFilter: Schema.ImageFilter;
  ImageOrder: Schema.ImageOrder;
  ImageOrderField: Schema.ImageOrderField;
  ImagePermissions: ResolverTypeWrapper<Schema.ImagePermissions>;
  ImagePhase: Schema.ImagePhase;
  ImageProgress: ResolverTypeWrapper<Schema.ImageProgress>;
  ImageRegion: ResolverTypeWrapper<ImageRegionModel>;
  ImageRegionStatus: Schema.ImageRegionStatus;
  ImageSharedBy: ResolverTypeWrapper<Schema.ImageSharedBy>;
  ImageStatus: Schema.ImageStatus;
  ImageTag: ResolverTypeWrapper<Schema.ImageTag>;
  ImageType: Schema.ImageType;
  InitiateImageUploadInput: Schema.InitiateImageUploadInput;
  InitiateImageUploadPayload: ResolverTypeWrapper<Omit<Schema.InitiateImageUploadPayload, 'image'> & { image?: Schema.Maybe<ResolversTypes['Image']> }>;
  Int: ResolverTypeWrapper<Schema.Scalars['Int']['output']>;
  IntFilter: Schema.IntFilter;
  Linode: ResolverTypeWrapper<LinodeModel>;
  LinodeConnection: ResolverTypeWrapper<Omit<Schema.LinodeConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['LinodeEdge']>, nodes: Array<ResolversTypes['Linode']> }>;
  LinodeEdge: ResolverTypeWrapper<Omit<Schema.LinodeEdge, 'node'> & { node: ResolversTypes['Linode'] }>;
  LinodeFilter: Schema.LinodeFilter;
  LinodeStatus: Schema.LinodeStatus;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  OrderDirection: Schema.OrderDirection;
  PageInfo: ResolverTypeWrapper<Schema.PageInfo>;
  Profile: ResolverTypeWrapper<ProfileModel>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Region: ResolverTypeWrapper<RegionModel>;
  RegionSiteType: Schema.RegionSiteType;
  RegionStatus: Schema.RegionStatus;
  SetImageRegionsInput: Schema.SetImageRegionsInput;
  SetImageRegionsPayload: ResolverTypeWrapper<Omit<Schema.SetImageRegionsPayload, 'image'> & { image?: Schema.Maybe<ResolversTypes['Image']> }>;
  String: ResolverTypeWrapper<Schema.Scalars['String']['output']>;
  StringFilter: Schema.StringFilter;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  URL: ResolverTypeWrapper<Schema.Scalars['URL']['output']>;
  UpdateImageInput: Schema.UpdateImageInput;
  UpdateImagePayload: ResolverTypeWrapper<Omit<Schema.UpdateImagePayload, 'image'> & { image?: Schema.Maybe<ResolversTypes['Image']> }>;
  User: ResolverTypeWrapper<UserModel>;
  UserError: ResolverTypeWrapper<Schema.UserError>;
  UserErrorCode: Schema.UserErrorCode;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AccountPermissions: Schema.AccountPermissions;
  Boolean: Schema.Scalars['Boolean']['output'];
  CreateImageInput: Schema.CreateImageInput;
  CreateImagePayload: Omit<Schema.CreateImagePayload, 'image'> & { image?: Schema.Maybe<ResolversParentTypes['Image']> };
  DateTime: Schema.Scalars['DateTime']['output'];
  DateTimeFilter: Schema.DateTimeFilter;
  DeleteImageInput: Schema.DeleteImageInput;
  DeleteImagePayload: Schema.DeleteImagePayload;
  Disk: DiskModel;
  Event: EventModel;
  EventConnection: Omit<Schema.EventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['EventEdge']>, nodes: Array<ResolversParentTypes['Event']> };
  EventEdge: Omit<Schema.EventEdge, 'node'> & { node: ResolversParentTypes['Event'] };
  ID: Schema.Scalars['ID']['output'];
  Image: ImageModel;
  ImageChange: Omit<Schema.ImageChange, 'image'> & { image?: Schema.Maybe<ResolversParentTypes['Image']> };
  ImageConnection: Omit<Schema.ImageConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['ImageEdge']>, nodes: Array<ResolversParentTypes['Image']> };
  ImageEdge: Omit<Schema.ImageEdge, 'node'> & { node: ResolversParentTypes['Image'] };
  ImageFilter: Schema.ImageFilter;
  ImageOrder: Schema.ImageOrder;
  ImagePermissions: Schema.ImagePermissions;
  ImageProgress: Schema.ImageProgress;
  ImageRegion: ImageRegionModel;
  ImageSharedBy: Schema.ImageSharedBy;
  ImageTag: Schema.ImageTag;
  InitiateImageUploadInput: Schema.InitiateImageUploadInput;
  InitiateImageUploadPayload: Omit<Schema.InitiateImageUploadPayload, 'image'> & { image?: Schema.Maybe<ResolversParentTypes['Image']> };
  Int: Schema.Scalars['Int']['output'];
  IntFilter: Schema.IntFilter;
  Linode: LinodeModel;
  LinodeConnection: Omit<Schema.LinodeConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['LinodeEdge']>, nodes: Array<ResolversParentTypes['Linode']> };
  LinodeEdge: Omit<Schema.LinodeEdge, 'node'> & { node: ResolversParentTypes['Linode'] };
  LinodeFilter: Schema.LinodeFilter;
  Mutation: Record<PropertyKey, never>;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  PageInfo: Schema.PageInfo;
  Profile: ProfileModel;
  Query: Record<PropertyKey, never>;
  Region: RegionModel;
  SetImageRegionsInput: Schema.SetImageRegionsInput;
  SetImageRegionsPayload: Omit<Schema.SetImageRegionsPayload, 'image'> & { image?: Schema.Maybe<ResolversParentTypes['Image']> };
  String: Schema.Scalars['String']['output'];
  StringFilter: Schema.StringFilter;
  Subscription: Record<PropertyKey, never>;
  URL: Schema.Scalars['URL']['output'];
  UpdateImageInput: Schema.UpdateImageInput;
  UpdateImagePayload: Omit<Schema.UpdateImagePayload, 'image'> & { image?: Schema.Maybe<ResolversParentTypes['Image']> };
  User: UserModel;
  UserError: Schema.UserError;
};

export type AccountPermissionsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AccountPermissions'] = ResolversParentTypes['AccountPermissions']> = {
  createImage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  createLinode?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  uploadImage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type CreateImagePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CreateImagePayload'] = ResolversParentTypes['CreateImagePayload']> = {
  image?: Resolver<Schema.Maybe<ResolversTypes['Image']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeleteImagePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['DeleteImagePayload'] = ResolversParentTypes['DeleteImagePayload']> = {
  deletedImageId?: Resolver<Schema.Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DiskResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Disk'] = ResolversParentTypes['Disk']> = {
  created?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  diskId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  filesystem?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  linode?: Resolver<Schema.Maybe<ResolversTypes['Linode']>, ParentType, ContextType>;
  size?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DiskStatus'], ParentType, ContextType>;
  updated?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EventResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Event'] = ResolversParentTypes['Event']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  created?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  eventId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  image?: Resolver<Schema.Maybe<ResolversTypes['Image']>, ParentType, ContextType>;
  linode?: Resolver<Schema.Maybe<ResolversTypes['Linode']>, ParentType, ContextType>;
  message?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  percentComplete?: Resolver<Schema.Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['EventStatus'], ParentType, ContextType>;
  username?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EventConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EventConnection'] = ResolversParentTypes['EventConnection']> = {
  edges?: Resolver<Array<ResolversTypes['EventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Event']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type EventEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EventEdge'] = ResolversParentTypes['EventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Event'], ParentType, ContextType>;
};

export type ImageResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Image'] = ResolversParentTypes['Image']> = {
  capabilities?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  created?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  createdBy?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  creator?: Resolver<Schema.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  deprecated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  description?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  eol?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  events?: Resolver<Schema.Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, Partial<Schema.ImageEventsArgs>>;
  expiry?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isPublic?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isShared?: Resolver<Schema.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  latestEvent?: Resolver<Schema.Maybe<ResolversTypes['Event']>, ParentType, ContextType>;
  linodes?: Resolver<Schema.Maybe<ResolversTypes['LinodeConnection']>, ParentType, ContextType, Partial<Schema.ImageLinodesArgs>>;
  progress?: Resolver<Schema.Maybe<ResolversTypes['ImageProgress']>, ParentType, ContextType>;
  regions?: Resolver<Schema.Maybe<Array<ResolversTypes['ImageRegion']>>, ParentType, ContextType>;
  shareGroupCount?: Resolver<Schema.Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  sharedBy?: Resolver<Schema.Maybe<ResolversTypes['ImageSharedBy']>, ParentType, ContextType>;
  size?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sourceLinode?: Resolver<Schema.Maybe<ResolversTypes['Linode']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ImageStatus'], ParentType, ContextType>;
  tags?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  totalSize?: Resolver<Schema.Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['ImageType'], ParentType, ContextType>;
  updated?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  uploadExpiresAt?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  vendor?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  viewerCan?: Resolver<Schema.Maybe<ResolversTypes['ImagePermissions']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ImageChangeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ImageChange'] = ResolversParentTypes['ImageChange']> = {
  image?: Resolver<Schema.Maybe<ResolversTypes['Image']>, ParentType, ContextType>;
  imageId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ImageChangeKind'], ParentType, ContextType>;
};

export type ImageConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ImageConnection'] = ResolversParentTypes['ImageConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ImageEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Image']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ImageEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ImageEdge'] = ResolversParentTypes['ImageEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Image'], ParentType, ContextType>;
};

export type ImagePermissionsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ImagePermissions'] = ResolversParentTypes['ImagePermissions']> = {
  delete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  deploy?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replicate?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  update?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ImageProgressResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ImageProgress'] = ResolversParentTypes['ImageProgress']> = {
  failureReason?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  percent?: Resolver<Schema.Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['ImagePhase'], ParentType, ContextType>;
};

export type ImageRegionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ImageRegion'] = ResolversParentTypes['ImageRegion']> = {
  region?: Resolver<Schema.Maybe<ResolversTypes['Region']>, ParentType, ContextType>;
  regionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ImageRegionStatus'], ParentType, ContextType>;
};

export type ImageSharedByResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ImageSharedBy'] = ResolversParentTypes['ImageSharedBy']> = {
  shareGroupLabel?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  shareGroupUuid?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sourceImageId?: Resolver<Schema.Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type ImageTagResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ImageTag'] = ResolversParentTypes['ImageTag']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type InitiateImageUploadPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['InitiateImageUploadPayload'] = ResolversParentTypes['InitiateImageUploadPayload']> = {
  expiresAt?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  image?: Resolver<Schema.Maybe<ResolversTypes['Image']>, ParentType, ContextType>;
  uploadTo?: Resolver<Schema.Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type LinodeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Linode'] = ResolversParentTypes['Linode']> = {
  created?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  disks?: Resolver<Schema.Maybe<Array<ResolversTypes['Disk']>>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  image?: Resolver<Schema.Maybe<ResolversTypes['Image']>, ParentType, ContextType>;
  imageId?: Resolver<Schema.Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  linodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  region?: Resolver<Schema.Maybe<ResolversTypes['Region']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['LinodeStatus'], ParentType, ContextType>;
  tags?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  typeId?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updated?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LinodeConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LinodeConnection'] = ResolversParentTypes['LinodeConnection']> = {
  edges?: Resolver<Array<ResolversTypes['LinodeEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Linode']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type LinodeEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LinodeEdge'] = ResolversParentTypes['LinodeEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Linode'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createImage?: Resolver<Schema.Maybe<ResolversTypes['CreateImagePayload']>, ParentType, ContextType, RequireFields<Schema.MutationCreateImageArgs, 'input'>>;
  deleteImage?: Resolver<Schema.Maybe<ResolversTypes['DeleteImagePayload']>, ParentType, ContextType, RequireFields<Schema.MutationDeleteImageArgs, 'input'>>;
  initiateImageUpload?: Resolver<Schema.Maybe<ResolversTypes['InitiateImageUploadPayload']>, ParentType, ContextType, RequireFields<Schema.MutationInitiateImageUploadArgs, 'input'>>;
  setImageRegions?: Resolver<Schema.Maybe<ResolversTypes['SetImageRegionsPayload']>, ParentType, ContextType, RequireFields<Schema.MutationSetImageRegionsArgs, 'input'>>;
  updateImage?: Resolver<Schema.Maybe<ResolversTypes['UpdateImagePayload']>, ParentType, ContextType, RequireFields<Schema.MutationUpdateImageArgs, 'input'>>;
};

export type NodeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Disk' | 'Event' | 'Image' | 'Linode' | 'Region' | 'User', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ProfileResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Profile'] = ResolversParentTypes['Profile']> = {
  can?: Resolver<Schema.Maybe<ResolversTypes['AccountPermissions']>, ParentType, ContextType>;
  timezone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  userType?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  image?: Resolver<Schema.Maybe<ResolversTypes['Image']>, ParentType, ContextType, RequireFields<Schema.QueryImageArgs, 'id'>>;
  imageTags?: Resolver<Schema.Maybe<Array<ResolversTypes['ImageTag']>>, ParentType, ContextType>;
  images?: Resolver<Schema.Maybe<ResolversTypes['ImageConnection']>, ParentType, ContextType, Partial<Schema.QueryImagesArgs>>;
  linode?: Resolver<Schema.Maybe<ResolversTypes['Linode']>, ParentType, ContextType, RequireFields<Schema.QueryLinodeArgs, 'id'>>;
  linodes?: Resolver<Schema.Maybe<ResolversTypes['LinodeConnection']>, ParentType, ContextType, Partial<Schema.QueryLinodesArgs>>;
  node?: Resolver<Schema.Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<Schema.QueryNodeArgs, 'id'>>;
  nodes?: Resolver<Array<Schema.Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<Schema.QueryNodesArgs, 'ids'>>;
  profile?: Resolver<Schema.Maybe<ResolversTypes['Profile']>, ParentType, ContextType>;
  region?: Resolver<Schema.Maybe<ResolversTypes['Region']>, ParentType, ContextType, RequireFields<Schema.QueryRegionArgs, 'id'>>;
  regions?: Resolver<Schema.Maybe<Array<ResolversTypes['Region']>>, ParentType, ContextType>;
  viewer?: Resolver<Schema.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type RegionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Region'] = ResolversParentTypes['Region']> = {
  capabilities?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  country?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  keepsImages?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  siteType?: Resolver<ResolversTypes['RegionSiteType'], ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RegionStatus'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SetImageRegionsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SetImageRegionsPayload'] = ResolversParentTypes['SetImageRegionsPayload']> = {
  image?: Resolver<Schema.Maybe<ResolversTypes['Image']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  image?: SubscriptionResolver<Schema.Maybe<ResolversTypes['Image']>, "image", ParentType, ContextType, RequireFields<Schema.SubscriptionImageArgs, 'id'>>;
  imageChanges?: SubscriptionResolver<ResolversTypes['ImageChange'], "imageChanges", ParentType, ContextType, Partial<Schema.SubscriptionImageChangesArgs>>;
};

export interface UrlScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['URL'], any> {
  name: 'URL';
}

export type UpdateImagePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UpdateImagePayload'] = ResolversParentTypes['UpdateImagePayload']> = {
  image?: Resolver<Schema.Maybe<ResolversTypes['Image']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UserResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  email?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  restricted?: Resolver<Schema.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  username?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['UserErrorCode'], ParentType, ContextType>;
  field?: Resolver<Schema.Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphQLContext> = {
  AccountPermissions?: AccountPermissionsResolvers<ContextType>;
  CreateImagePayload?: CreateImagePayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeleteImagePayload?: DeleteImagePayloadResolvers<ContextType>;
  Disk?: DiskResolvers<ContextType>;
  Event?: EventResolvers<ContextType>;
  EventConnection?: EventConnectionResolvers<ContextType>;
  EventEdge?: EventEdgeResolvers<ContextType>;
  Image?: ImageResolvers<ContextType>;
  ImageChange?: ImageChangeResolvers<ContextType>;
  ImageConnection?: ImageConnectionResolvers<ContextType>;
  ImageEdge?: ImageEdgeResolvers<ContextType>;
  ImagePermissions?: ImagePermissionsResolvers<ContextType>;
  ImageProgress?: ImageProgressResolvers<ContextType>;
  ImageRegion?: ImageRegionResolvers<ContextType>;
  ImageSharedBy?: ImageSharedByResolvers<ContextType>;
  ImageTag?: ImageTagResolvers<ContextType>;
  InitiateImageUploadPayload?: InitiateImageUploadPayloadResolvers<ContextType>;
  Linode?: LinodeResolvers<ContextType>;
  LinodeConnection?: LinodeConnectionResolvers<ContextType>;
  LinodeEdge?: LinodeEdgeResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Profile?: ProfileResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Region?: RegionResolvers<ContextType>;
  SetImageRegionsPayload?: SetImageRegionsPayloadResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  URL?: GraphQLScalarType;
  UpdateImagePayload?: UpdateImagePayloadResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
};

