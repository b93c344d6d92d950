export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A point in time, RFC 3339 in UTC, always with `Z`: `2026-03-01T12:00:00Z`. As input, any offset is accepted; a value without one is UTC. */
  DateTime: { input: string; output: string; }
  /** An absolute URL, passed through byte for byte. */
  URL: { input: string; output: string; }
};

/** What a user may do on the account. */
export type AccountPermissions = {
  __typename?: 'AccountPermissions';
  /** Capture disks as images. */
  createImage: Scalars['Boolean']['output'];
  /** Create Linodes. */
  createLinode: Scalars['Boolean']['output'];
  /** Upload images. */
  uploadImage: Scalars['Boolean']['output'];
};

/** The disk to capture and the image to create. */
export type CreateImageInput = {
  /** Whether the image supports cloud-init. */
  cloudInit?: InputMaybe<Scalars['Boolean']['input']>;
  /** A longer text, up to 65,000 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The number or the global ID of the disk to capture. */
  diskId: Scalars['ID']['input'];
  /** The label of the image, 1 to 50 characters; Linode generates one if absent. */
  label?: InputMaybe<Scalars['String']['input']>;
  /** The tags of the image. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** The result of `createImage`. */
export type CreateImagePayload = {
  __typename?: 'CreateImagePayload';
  /** The new image; null if there are `userErrors`. */
  image: Maybe<Image>;
  /** The reasons why the mutation failed; empty if it succeeded. */
  userErrors: Array<UserError>;
};

/** A condition on a point in time. All given fields must match; null matches only `isNull: true`. */
export type DateTimeFilter = {
  /** Later than. */
  gt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or later than. */
  gte?: InputMaybe<Scalars['DateTime']['input']>;
  /** `true` matches null only, `false` matches everything else. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Earlier than. */
  lt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or earlier than. */
  lte?: InputMaybe<Scalars['DateTime']['input']>;
};

/** The image to delete. */
export type DeleteImageInput = {
  /** The image ID, such as `private/123`, or its number. */
  id: Scalars['ID']['input'];
};

/** The result of `deleteImage`. */
export type DeleteImagePayload = {
  __typename?: 'DeleteImagePayload';
  /** The ID of the deleted image; null if there are `userErrors`. */
  deletedImageId: Maybe<Scalars['ID']['output']>;
  /** The reasons why the mutation failed; empty if it succeeded. */
  userErrors: Array<UserError>;
};

/** A disk of a Linode. */
export type Disk = Node & {
  __typename?: 'Disk';
  /** The time of creation; null if Linode does not report it. */
  created: Maybe<Scalars['DateTime']['output']>;
  /** The number that Linode counts up; `createImage` takes it. */
  diskId: Scalars['ID']['output'];
  /** `ext4`, `ext3`, `raw`, `swap` or `initrd`; an image of a `swap` disk cannot boot. Null if Linode does not report it. */
  filesystem: Maybe<Scalars['String']['output']>;
  /** The global ID: `linodes/123/disks/456`. */
  id: Scalars['ID']['output'];
  /** The display name. */
  label: Scalars['String']['output'];
  /** The Linode that the disk belongs to; null if it no longer exists. */
  linode: Maybe<Linode>;
  /** The size in MB. */
  size: Scalars['Int']['output'];
  /** Whether the disk can be used. */
  status: DiskStatus;
  /** The time of the last change; null if Linode does not report it. */
  updated: Maybe<Scalars['DateTime']['output']>;
};

/** Whether a disk can be used. */
export type DiskStatus =
  /** Being deleted. */
  | 'DELETING'
  /** Being created or changed. */
  | 'NOT_READY'
  /** Ready to use. */
  | 'READY'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

/** An event on the account. Linode stores events for 90 days. */
export type Event = Node & {
  __typename?: 'Event';
  /** The action as Linode names it: `disk_imagize` is a capture, `image_upload` an upload. */
  action: Scalars['String']['output'];
  /** The time at which the action started. */
  created: Scalars['DateTime']['output'];
  /** The number that Linode counts up. */
  eventId: Scalars['ID']['output'];
  /** The global ID: `events/99`. */
  id: Scalars['ID']['output'];
  /** The image of the event; null if there is none, and without an error if the image no longer exists. */
  image: Maybe<Image>;
  /** The Linode of the event; for a capture, the source. Null if there is none. `id`, `linodeId` and `label` come from the event, even if the Linode no longer exists; any other field fetches the Linode, which is null if it no longer exists. */
  linode: Maybe<Linode>;
  /** Details, such as why an upload failed; null if there are none. */
  message: Maybe<Scalars['String']['output']>;
  /** The percentage that Linode reports, 0 to 100; it can decrease. Null on notifications. `Image.progress` has one that never decreases. */
  percentComplete: Maybe<Scalars['Int']['output']>;
  /** The state of the action. */
  status: EventStatus;
  /** The username of the user who caused the event; null if Linode caused it. */
  username: Maybe<Scalars['String']['output']>;
};

/** A page of events. */
export type EventConnection = {
  __typename?: 'EventConnection';
  /** The events of the page, each with its cursor. */
  edges: Array<EventEdge>;
  /** The events of the page. */
  nodes: Array<Event>;
  /** The position of the page in the connection. */
  pageInfo: PageInfo;
  /** The number of events on all pages. */
  totalCount: Scalars['Int']['output'];
};

/** An event and its cursor. */
export type EventEdge = {
  __typename?: 'EventEdge';
  /** The position of the event in the order, opaque; valid for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: Event;
};

/** The state of an event's action. */
export type EventStatus =
  /** Failed. */
  | 'FAILED'
  /** Succeeded. */
  | 'FINISHED'
  /** A notification without any progress to track. */
  | 'NOTIFICATION'
  /** Not started yet. */
  | 'SCHEDULED'
  /** In progress. */
  | 'STARTED'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

/** A Linode image: disk content from which Linodes are deployed. */
export type Image = Node & {
  __typename?: 'Image';
  /** Capabilities as Linode names them, such as `cloud-init`. */
  capabilities: Array<Scalars['String']['output']>;
  /** The time of creation. */
  created: Scalars['DateTime']['output'];
  /** The username of the creator, `linode` on public images; null on automatic and on shared images. */
  createdBy: Maybe<Scalars['String']['output']>;
  /** The user who created the image. Null without an error on public images, if `createdBy` is null, and if the creator is no longer a user of the account. Requires `account:read_only` and an unrestricted user. */
  creator: Maybe<User>;
  /** Whether Linode advises against deploying the image; true only on some public images. */
  deprecated: Scalars['Boolean']['output'];
  /** A longer text by the owner; null if there is none. */
  description: Maybe<Scalars['String']['output']>;
  /** The end of the distribution's support; null if unknown and on private images. */
  eol: Maybe<Scalars['DateTime']['output']>;
  /** The events of the image, newest first, among the newest 500 image events of the last 90 days. Requires `events:read_only`. */
  events: Maybe<EventConnection>;
  /** The time at which Linode will delete the image; null on all but automatic images. */
  expiry: Maybe<Scalars['DateTime']['output']>;
  /** The image ID that Linode uses: `linode/debian12` for a public image, `private/123` for an image of the account. */
  id: Scalars['ID']['output'];
  /** Whether the image is public. */
  isPublic: Scalars['Boolean']['output'];
  /** Whether the image is in a share group of the account; null on public images and on those shared by another account. */
  isShared: Maybe<Scalars['Boolean']['output']>;
  /** The display name. */
  label: Scalars['String']['output'];
  /** The newest of `events`; null if there is none. */
  latestEvent: Maybe<Event>;
  /** The Linodes deployed from the image, by number. Requires `linodes:read_only`. */
  linodes: Maybe<LinodeConnection>;
  /** The progress of the capture or upload. An `AVAILABLE` image is `READY` without a call for events; any other requires `events:read_only`, because only an event reports a failure. */
  progress: Maybe<ImageProgress>;
  /** The regions that store the image; null on public images, which are available everywhere, and empty during a capture or upload. */
  regions: Maybe<Array<ImageRegion>>;
  /** The number of share groups of the account that contain the image; null if `isShared` is null. */
  shareGroupCount: Maybe<Scalars['Int']['output']>;
  /** The share group by which another account shares the image; null unless the type is `SHARED`. */
  sharedBy: Maybe<ImageSharedBy>;
  /** The size in MB: 0 until an upload is complete, the size of the source disk during a capture. */
  size: Scalars['Int']['output'];
  /** The Linode that the image was captured from, by the capture's event; null for uploads and if the capture is more than 90 days ago. `id`, `linodeId` and `label` come from the event, even if the Linode no longer exists; any other field fetches the Linode, which is null if it no longer exists. Requires `events:read_only`. */
  sourceLinode: Maybe<Linode>;
  /** Whether the image can be deployed. */
  status: ImageStatus;
  /** The tags, sorted; empty if there are none. */
  tags: Array<Scalars['String']['output']>;
  /** The size in MB of all regions together; null if Linode does not report it, as on public images. */
  totalSize: Maybe<Scalars['Int']['output']>;
  /** The origin of the image. */
  type: ImageType;
  /** The time of the last change; null on automatic and on newly shared images. */
  updated: Maybe<Scalars['DateTime']['output']>;
  /** The end of the time for the upload: 24 hours after creation while `PENDING_UPLOAD`, otherwise null. */
  uploadExpiresAt: Maybe<Scalars['DateTime']['output']>;
  /** The vendor of the distribution, such as `Debian`; null on all but public images. */
  vendor: Maybe<Scalars['String']['output']>;
  /** What the user of the token may do with the image; null without a token, and if it is not known. At most two calls for all images of an operation, cached for some minutes. */
  viewerCan: Maybe<ImagePermissions>;
};


/** A Linode image: disk content from which Linodes are deployed. */
export type ImageEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
};


/** A Linode image: disk content from which Linodes are deployed. */
export type ImageLinodesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
};

/** A change to one image. */
export type ImageChange = {
  __typename?: 'ImageChange';
  /** The image as it is now; null once it is deleted. */
  image: Maybe<Image>;
  /** The ID of the image. */
  imageId: Scalars['ID']['output'];
  /** What has happened. */
  kind: ImageChangeKind;
};

/** What has happened to an image. */
export type ImageChangeKind =
  /** The image is new, or matches the filter now, or was there when the subscription began. */
  | 'ADDED'
  /** The image or its progress has changed. */
  | 'CHANGED'
  /** The image is deleted, or no longer matches the filter. */
  | 'REMOVED';

/** A page of images. */
export type ImageConnection = {
  __typename?: 'ImageConnection';
  /** The images of the page, each with its cursor. */
  edges: Array<ImageEdge>;
  /** The images of the page. */
  nodes: Array<Image>;
  /** The position of the page in the connection. */
  pageInfo: PageInfo;
  /** The number of images that match the filter, on all pages. */
  totalCount: Scalars['Int']['output'];
};

/** An image and its cursor. */
export type ImageEdge = {
  __typename?: 'ImageEdge';
  /** The position of the image in the order, opaque; valid for `after` and `before` with the same `orderBy`. */
  cursor: Scalars['String']['output'];
  /** The image. */
  node: Image;
};

/** Conditions on images. All given fields must match; a null field counts as absent. */
export type ImageFilter = {
  /** All of these match; an empty list matches everything. */
  and?: InputMaybe<Array<ImageFilter>>;
  /** The image has this capability, such as `cloud-init`. */
  capability?: InputMaybe<Scalars['String']['input']>;
  /** Condition on the time of creation. */
  created?: InputMaybe<DateTimeFilter>;
  /** Condition on the username of the creator. */
  createdBy?: InputMaybe<StringFilter>;
  /** `true`: deprecated images only; `false`: the others only. */
  deprecated?: InputMaybe<Scalars['Boolean']['input']>;
  /** Condition on the description. */
  description?: InputMaybe<StringFilter>;
  /** Condition on the end of support. */
  eol?: InputMaybe<DateTimeFilter>;
  /** Condition on the time of expiry. */
  expiry?: InputMaybe<DateTimeFilter>;
  /** The ID is one of these; a number alone means a private image. */
  id?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** `true`: public images only; `false`: private and shared images only. */
  isPublic?: InputMaybe<Scalars['Boolean']['input']>;
  /** `true`: images in a share group of the account only; `false`: own images in none only. Neither matches null. */
  isShared?: InputMaybe<Scalars['Boolean']['input']>;
  /** Condition on the label. */
  label?: InputMaybe<StringFilter>;
  /** This does not match. */
  not?: InputMaybe<ImageFilter>;
  /** At least one of these matches; an empty list matches nothing. */
  or?: InputMaybe<Array<ImageFilter>>;
  /** The image is stored in one of these regions, by slug or global ID; an empty list matches nothing. */
  region?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** The image has one of these states in one of its regions; an empty list matches nothing. */
  regionStatus?: InputMaybe<Array<ImageRegionStatus>>;
  /** Condition on the size in MB. */
  size?: InputMaybe<IntFilter>;
  /** The status is one of these. */
  status?: InputMaybe<Array<ImageStatus>>;
  /** Condition on the tags: one of them must match all of it, so an image without tags never matches. */
  tag?: InputMaybe<StringFilter>;
  /** Condition on the size in MB of all regions together. */
  totalSize?: InputMaybe<IntFilter>;
  /** The type is one of these. */
  type?: InputMaybe<Array<ImageType>>;
  /** Condition on the time of the last change. */
  updated?: InputMaybe<DateTimeFilter>;
  /** Condition on the vendor. */
  vendor?: InputMaybe<StringFilter>;
};

/** One sort key. Strings sort case-insensitively, nulls last, ties by ID (ascending, except after `CREATED` in descending order). */
export type ImageOrder = {
  /** The sort direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: ImageOrderField;
};

/** The fields by which images can be sorted. */
export type ImageOrderField =
  /** The time of creation. Images of the same second sort by ID in the same direction. */
  | 'CREATED'
  /** The ID; numbers in it sort as numbers. */
  | 'ID'
  /** The label, case-insensitive. */
  | 'LABEL'
  /** The number of regions that store the image. */
  | 'REGION_COUNT'
  /** The size in MB. */
  | 'SIZE'
  /** The status, alphabetically. */
  | 'STATUS'
  /** The size in MB of all regions together. */
  | 'TOTAL_SIZE'
  /** The time of the last change. */
  | 'UPDATED'
  /** The vendor, case-insensitive. */
  | 'VENDOR';

/** What a user may do with an image. It depends on the user's grants and on the kind of image; the token may still lack a scope. */
export type ImagePermissions = {
  __typename?: 'ImagePermissions';
  /** Delete it. */
  delete: Scalars['Boolean']['output'];
  /** Deploy Linodes from it. */
  deploy: Scalars['Boolean']['output'];
  /** Set the regions that store it. */
  replicate: Scalars['Boolean']['output'];
  /** Update its label, description and tags. */
  update: Scalars['Boolean']['output'];
};

/** The phases from the request to an image that can be deployed. */
export type ImagePhase =
  /** The upload is possible until `uploadExpiresAt`. */
  | 'AWAITING_UPLOAD'
  /** The image is being captured from a disk. */
  | 'CAPTURING'
  /** The upload did not happen in time; Linode deletes the image. */
  | 'EXPIRED'
  /** The capture or upload failed. */
  | 'FAILED'
  /** The upload is complete; Linode is unpacking it. */
  | 'PROCESSING'
  /** The image can be deployed. */
  | 'READY'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

/** The progress of a capture or upload. */
export type ImageProgress = {
  __typename?: 'ImageProgress';
  /** Linode's reason for the failure; null if the work did not fail or Linode reports no reason. */
  failureReason: Maybe<Scalars['String']['output']>;
  /** The percentage of the phase that is complete, 0 to 100. It never decreases within a phase; null if Linode does not report it. */
  percent: Maybe<Scalars['Int']['output']>;
  /** The current phase. */
  phase: ImagePhase;
};

/** A region that stores an image. */
export type ImageRegion = {
  __typename?: 'ImageRegion';
  /** The region; null if Linode lists no such region. */
  region: Maybe<Region>;
  /** The region ID that Linode uses: `us-east`. */
  regionId: Scalars['ID']['output'];
  /** The state of the image in this region. */
  status: ImageRegionStatus;
};

/** The state of an image in a region. No event reports its changes: subscribe to the image, or poll it. */
export type ImageRegionStatus =
  /** Stored in the region. */
  | 'AVAILABLE'
  /** Being created. */
  | 'CREATING'
  /** Not started yet. */
  | 'PENDING'
  /** Waiting to be removed from the region. */
  | 'PENDING_DELETION'
  /** Waiting to be copied to the region. */
  | 'PENDING_REPLICATION'
  /** Being copied to the region. */
  | 'REPLICATING'
  /** The copy took too long. */
  | 'TIMED_OUT'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

/** The share group by which another account shares an image. */
export type ImageSharedBy = {
  __typename?: 'ImageSharedBy';
  /** The label of the share group. */
  shareGroupLabel: Scalars['String']['output'];
  /** The UUID of the share group. */
  shareGroupUuid: Scalars['ID']['output'];
  /** The ID of the shared image in the account of its owner; null if Linode does not disclose it. */
  sourceImageId: Maybe<Scalars['ID']['output']>;
};

/** Whether an image can be deployed. */
export type ImageStatus =
  /** Ready to deploy. */
  | 'AVAILABLE'
  /** Being captured from a disk. */
  | 'CREATING'
  /** Waiting for the upload. */
  | 'PENDING_UPLOAD'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

/** A tag and how many images have it. */
export type ImageTag = {
  __typename?: 'ImageTag';
  /** The number of images with this tag, among those that the caller can see. */
  count: Scalars['Int']['output'];
  /** The tag. */
  label: Scalars['String']['output'];
};

/** The origin of an image. */
export type ImageType =
  /** Created by Linode from the disk of a deleted Linode; it expires. */
  | 'AUTOMATIC'
  /** Captured or uploaded by a user, or published by Linode. */
  | 'MANUAL'
  /** Shared with the account by another account. */
  | 'SHARED'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

/** The image to create for an upload. */
export type InitiateImageUploadInput = {
  /** Whether the image supports cloud-init. */
  cloudInit?: InputMaybe<Scalars['Boolean']['input']>;
  /** A longer text, up to 65,000 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The label of the image, 1 to 50 characters. */
  label: Scalars['String']['input'];
  /** The region to upload to, by slug or global ID, such as `us-east`. */
  region: Scalars['ID']['input'];
  /** The tags of the image. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** The result of `initiateImageUpload`. */
export type InitiateImageUploadPayload = {
  __typename?: 'InitiateImageUploadPayload';
  /** The time at which `uploadTo` expires. */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** The new image, `PENDING_UPLOAD`; null if there are `userErrors`. */
  image: Maybe<Image>;
  /** The URL to `PUT` a gzipped raw disk image to, with `Content-Type: application/octet-stream` and no `Authorization`. It is a secret and returned only once. */
  uploadTo: Maybe<Scalars['URL']['output']>;
  /** The reasons why the mutation failed; empty if it succeeded. */
  userErrors: Array<UserError>;
};

/** A condition on a number. All given fields must match. */
export type IntFilter = {
  /** Equals. */
  eq?: InputMaybe<Scalars['Int']['input']>;
  /** Greater than. */
  gt?: InputMaybe<Scalars['Int']['input']>;
  /** Greater than or equal to. */
  gte?: InputMaybe<Scalars['Int']['input']>;
  /** Less than. */
  lt?: InputMaybe<Scalars['Int']['input']>;
  /** Less than or equal to. */
  lte?: InputMaybe<Scalars['Int']['input']>;
  /** Does not equal. */
  neq?: InputMaybe<Scalars['Int']['input']>;
};

/** A virtual machine of the account. */
export type Linode = Node & {
  __typename?: 'Linode';
  /** The time of creation. */
  created: Scalars['DateTime']['output'];
  /** The disks, each of which can be captured as an image; null if the Linode no longer exists. Costs one upstream call per Linode: select it on one Linode, not on a page. */
  disks: Maybe<Array<Disk>>;
  /** The global ID: `linodes/123`. */
  id: Scalars['ID']['output'];
  /** The image that the Linode was deployed from; null if there was none, and without an error if it no longer exists or the caller may not see it. */
  image: Maybe<Image>;
  /** The ID of the image that the Linode was deployed from, even if the image no longer exists; null if there was none. */
  imageId: Maybe<Scalars['ID']['output']>;
  /** The display name. */
  label: Scalars['String']['output'];
  /** The number that Linode counts up. */
  linodeId: Scalars['ID']['output'];
  /** The region; null if Linode lists no such region. */
  region: Maybe<Region>;
  /** The current status. */
  status: LinodeStatus;
  /** The tags. */
  tags: Array<Scalars['String']['output']>;
  /** The plan, such as `g6-nanode-1`; null if there is none. */
  typeId: Maybe<Scalars['String']['output']>;
  /** The time of the last change; null if Linode does not report it. */
  updated: Maybe<Scalars['DateTime']['output']>;
};

/** A page of Linodes. */
export type LinodeConnection = {
  __typename?: 'LinodeConnection';
  /** The Linodes of the page, each with its cursor. */
  edges: Array<LinodeEdge>;
  /** The Linodes of the page. */
  nodes: Array<Linode>;
  /** The position of the page in the connection. */
  pageInfo: PageInfo;
  /** The number of Linodes on all pages. */
  totalCount: Scalars['Int']['output'];
};

/** A Linode and its cursor. */
export type LinodeEdge = {
  __typename?: 'LinodeEdge';
  /** The position of the Linode in the order, opaque; valid for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The Linode. */
  node: Linode;
};

/** Conditions on Linodes. All given fields must match; a null field counts as absent. */
export type LinodeFilter = {
  /** The Linode was deployed from one of these images, by ID or number; an empty list matches nothing. */
  imageId?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Condition on the label. */
  label?: InputMaybe<StringFilter>;
  /** The region is one of these, by slug or global ID; an empty list matches nothing. */
  region?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** The Linode has this tag. */
  tag?: InputMaybe<Scalars['String']['input']>;
};

/** The status of a Linode. */
export type LinodeStatus =
  /** Suspended for an unpaid bill. */
  | 'BILLING_SUSPENSION'
  /** Being powered on. */
  | 'BOOTING'
  /** Being cloned. */
  | 'CLONING'
  /** Being deleted. */
  | 'DELETING'
  /** Moving to another host or region. */
  | 'MIGRATING'
  /** Powered off. */
  | 'OFFLINE'
  /** Being created. */
  | 'PROVISIONING'
  /** Restarting. */
  | 'REBOOTING'
  /** Being redeployed from an image. */
  | 'REBUILDING'
  /** Being restored from a backup. */
  | 'RESTORING'
  /** Running. */
  | 'RUNNING'
  /** Being powered off. */
  | 'SHUTTING_DOWN'
  /** Stopped, for example for an unpaid bill. */
  | 'STOPPED'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

/** The root mutation type. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Captures a Linode's disk as a new private image. The image is `CREATING` at first. */
  createImage: Maybe<CreateImagePayload>;
  /** Deletes a private image or cancels its upload. */
  deleteImage: Maybe<DeleteImagePayload>;
  /** Creates a private image and returns the URL to upload its content to. The file does not pass through the gateway. */
  initiateImageUpload: Maybe<InitiateImageUploadPayload>;
  /** Sets the regions that store a private image. Linode copies it to new regions, one after the other, and removes it from those that are missing in the list. */
  setImageRegions: Maybe<SetImageRegionsPayload>;
  /** Updates the label or description of a private image. */
  updateImage: Maybe<UpdateImagePayload>;
};


/** The root mutation type. */
export type MutationCreateImageArgs = {
  input: CreateImageInput;
};


/** The root mutation type. */
export type MutationDeleteImageArgs = {
  input: DeleteImageInput;
};


/** The root mutation type. */
export type MutationInitiateImageUploadArgs = {
  input: InitiateImageUploadInput;
};


/** The root mutation type. */
export type MutationSetImageRegionsArgs = {
  input: SetImageRegionsInput;
};


/** The root mutation type. */
export type MutationUpdateImageArgs = {
  input: UpdateImageInput;
};

/** An object with a globally unique ID, by which clients can cache it. */
export type Node = {
  /** The global ID of the object. */
  id: Scalars['ID']['output'];
};

/** A sort direction. Nulls sort last in both. */
export type OrderDirection =
  /** Ascending: smallest, earliest or alphabetically first at the top. */
  | 'ASC'
  /** Descending: largest, latest or alphabetically last at the top. */
  | 'DESC';

/** The position of a page in its connection. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor of the last edge; null on an empty page. */
  endCursor: Maybe<Scalars['String']['output']>;
  /** Whether there are nodes after this page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether there are nodes before this page. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first edge; null on an empty page. */
  startCursor: Maybe<Scalars['String']['output']>;
};

/** The user whom the token belongs to, with what only that user can see. */
export type Profile = {
  __typename?: 'Profile';
  /** What the user may do on the account; null if it is not known. */
  can: Maybe<AccountPermissions>;
  /** The time zone that the user has chosen, by its name in the tz database: `America/New_York`. */
  timezone: Scalars['String']['output'];
  /** The user. */
  user: User;
  /** The type of the user as Linode names it, such as `default`, `parent` or `proxy`; null if Linode does not report it. */
  userType: Maybe<Scalars['String']['output']>;
};

/** The root query type. */
export type Query = {
  __typename?: 'Query';
  /** One image; null if it does not exist or the caller may not see it. */
  image: Maybe<Image>;
  /** The tags of the images that the caller can see, alphabetically. They come from the cached image list: no further call. */
  imageTags: Maybe<Array<ImageTag>>;
  /** The images that the caller can see: public images and, with a token, those of the account. The default order is that of Linode: private by number, shared by number, then public by label, deprecated last. */
  images: Maybe<ImageConnection>;
  /** One Linode; null if it does not exist or the caller may not see it. */
  linode: Maybe<Linode>;
  /** The Linodes that the caller can see, by number. Costs one upstream call per 500 Linodes that match. */
  linodes: Maybe<LinodeConnection>;
  /** Any object by its global ID; null if it does not exist or the caller may not see it. */
  node: Maybe<Node>;
  /** Objects by their global IDs, in the order of `ids`; null for each that does not exist or that the caller may not see. */
  nodes: Array<Maybe<Node>>;
  /** The profile of the user whom the token belongs to. */
  profile: Maybe<Profile>;
  /** One region; null if it does not exist. Cached for up to five minutes. */
  region: Maybe<Region>;
  /** All regions, in Linode's order. Cached for up to five minutes; no token is required. */
  regions: Maybe<Array<Region>>;
  /** The user whom the token belongs to. */
  viewer: Maybe<User>;
};


/** The root query type. */
export type QueryImageArgs = {
  id: Scalars['ID']['input'];
};


/** The root query type. */
export type QueryImagesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ImageFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ImageOrder>>;
};


/** The root query type. */
export type QueryLinodeArgs = {
  id: Scalars['ID']['input'];
};


/** The root query type. */
export type QueryLinodesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<LinodeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
};


/** The root query type. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** The root query type. */
export type QueryNodesArgs = {
  ids: Array<Scalars['ID']['input']>;
};


/** The root query type. */
export type QueryRegionArgs = {
  id: Scalars['ID']['input'];
};

/** A data center region, in which Linodes run and images are stored. */
export type Region = Node & {
  __typename?: 'Region';
  /** Capabilities as Linode names them. Images are stored in regions with `Object Storage`; cloud-init requires `Metadata`. */
  capabilities: Array<Scalars['String']['output']>;
  /** The country as a two-letter code in lower case. */
  country: Scalars['String']['output'];
  /** The global ID: `regions/us-east`. */
  id: Scalars['ID']['output'];
  /** Whether images can be stored here: the site is `CORE`, offers `Object Storage`, and is not one of the regions that do not support images (`IMAGE_REGIONS_EXCEPT`). */
  keepsImages: Scalars['Boolean']['output'];
  /** The display name: `Newark, NJ`. */
  label: Scalars['String']['output'];
  /** The kind of site. */
  siteType: RegionSiteType;
  /** The region ID that Linode uses: `us-east`. */
  slug: Scalars['String']['output'];
  /** Whether the region is operational. */
  status: RegionStatus;
};

/** A kind of site. */
export type RegionSiteType =
  /** A core data center. */
  | 'CORE'
  /** A distributed site, with a part of the services only. */
  | 'DISTRIBUTED'
  /** A value this gateway does not know yet, or none. */
  | 'UNKNOWN';

/** Whether a region is operational. */
export type RegionStatus =
  /** Operational. */
  | 'OK'
  /** Linode reports an outage. */
  | 'OUTAGE'
  /** A value this gateway does not know yet. */
  | 'UNKNOWN';

/** The image and the regions that it is to be stored in. */
export type SetImageRegionsInput = {
  /** The regions that the user has seen, by slug or global ID, without those that are `PENDING_DELETION`. If the image is stored in others by now, the mutation fails with `CONFLICT` and returns the image as it is. If absent, the regions are overwritten. */
  expectedRegions?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** The image ID, such as `private/123`, or its number. */
  id: Scalars['ID']['input'];
  /** All regions that are to store the image, by slug or global ID. At least one of them must be a region in which it is `AVAILABLE` now. */
  regions: Array<Scalars['ID']['input']>;
};

/** The result of `setImageRegions`. */
export type SetImageRegionsPayload = {
  __typename?: 'SetImageRegionsPayload';
  /** The updated image; after a `CONFLICT` the present image, and null with other `userErrors`. */
  image: Maybe<Image>;
  /** The reasons why the mutation failed; empty if it succeeded. */
  userErrors: Array<UserError>;
};

/** A condition on text. All given fields must match. Only `contains` is case-insensitive. */
export type StringFilter = {
  /** Contains this text, taken literally, case-insensitive. */
  contains?: InputMaybe<Scalars['String']['input']>;
  /** Equals. */
  eq?: InputMaybe<Scalars['String']['input']>;
  /** Equals one of these; an empty list matches nothing. */
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  /** `true` matches null only, `false` matches everything else. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Does not equal; null matches. */
  neq?: InputMaybe<Scalars['String']['input']>;
};

/** The root subscription type. A subscription is sent to the same URL as a query: over Server-Sent Events, multipart responses or WebSocket. */
export type Subscription = {
  __typename?: 'Subscription';
  /** One image: as it is now, then whenever something selected has changed. It ends after a final state: `AVAILABLE` in every region, a failed or expired upload or a failed capture, or null once the image is deleted. */
  image: Maybe<Image>;
  /** The images of the caller's account: each as it is now, as `ADDED`, then what changes. Requires a token. */
  imageChanges: ImageChange;
};


/** The root subscription type. A subscription is sent to the same URL as a query: over Server-Sent Events, multipart responses or WebSocket. */
export type SubscriptionImageArgs = {
  id: Scalars['ID']['input'];
};


/** The root subscription type. A subscription is sent to the same URL as a query: over Server-Sent Events, multipart responses or WebSocket. */
export type SubscriptionImageChangesArgs = {
  filter?: InputMaybe<ImageFilter>;
};

/** The image and its new values; an absent field stays unchanged. */
export type UpdateImageInput = {
  /** The new description, up to 65,000 characters; null or an empty text clears it. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The image ID, such as `private/123`, or its number. */
  id: Scalars['ID']['input'];
  /** The new label, 1 to 50 characters; null is invalid. */
  label?: InputMaybe<Scalars['String']['input']>;
  /** The new tags, which replace all present ones; an empty list removes them, null is invalid. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** The result of `updateImage`. */
export type UpdateImagePayload = {
  __typename?: 'UpdateImagePayload';
  /** The updated image; null if there are `userErrors`. */
  image: Maybe<Image>;
  /** The reasons why the mutation failed; empty if it succeeded. */
  userErrors: Array<UserError>;
};

/** A user of the account. */
export type User = Node & {
  __typename?: 'User';
  /** The e-mail address; null if Linode does not report it. */
  email: Maybe<Scalars['String']['output']>;
  /** The global ID: `users/alice`. */
  id: Scalars['ID']['output'];
  /** Whether the user is limited by grants; null if Linode does not report it. */
  restricted: Maybe<Scalars['Boolean']['output']>;
  /** The unique name to log in with. */
  username: Scalars['String']['output'];
};

/** A reason why a mutation failed, to show to the user. */
export type UserError = {
  __typename?: 'UserError';
  /** The kind of error. */
  code: UserErrorCode;
  /** The path of the invalid argument, such as `["input", "label"]`; null if the error concerns the whole request. */
  field: Maybe<Array<Scalars['String']['output']>>;
  /** The reason, by Linode or by the gateway. */
  message: Scalars['String']['output'];
};

/** The kinds of mutation errors. */
export type UserErrorCode =
  /** The object is busy or has changed meanwhile; reload and retry. */
  | 'CONFLICT'
  /** An argument is invalid. */
  | 'INVALID'
  /** The object that the mutation names does not exist, or the caller may not see it. */
  | 'NOT_FOUND';
