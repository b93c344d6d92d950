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
  /** An absolute URL, passed on byte for byte. */
  URL: { input: string; output: string; }
};

/** What to capture. */
export type CreateImageInput = {
  /** Whether the image supports cloud-init. */
  cloudInit?: InputMaybe<Scalars['Boolean']['input']>;
  /** A longer text, up to 65,000 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The number of the disk to capture. */
  diskId: Scalars['ID']['input'];
  /** The image's label, 1 to 50 characters; Linode makes one when absent. */
  label?: InputMaybe<Scalars['String']['input']>;
};

/** What became of a capture. */
export type CreateImagePayload = {
  __typename?: 'CreateImagePayload';
  /** The new image; null when `userErrors` says why not. */
  image: Maybe<Image>;
  /** Why it did not happen; empty when it did. */
  userErrors: Array<UserError>;
};

/** A condition on a point in time. All fields given must hold; null matches `isNull: true` alone. */
export type DateTimeFilter = {
  /** Later than. */
  gt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or later than. */
  gte?: InputMaybe<Scalars['DateTime']['input']>;
  /** `true` keeps nulls only, `false` keeps non-nulls only. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Earlier than. */
  lt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or earlier than. */
  lte?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What to delete. */
export type DeleteImageInput = {
  /** The image's ID, such as `private/123`. */
  id: Scalars['ID']['input'];
};

/** What became of a deletion. */
export type DeleteImagePayload = {
  __typename?: 'DeleteImagePayload';
  /** The ID of the image that is gone; null when `userErrors` says why not. */
  deletedImageId: Maybe<Scalars['ID']['output']>;
  /** Why it did not happen; empty when it did. */
  userErrors: Array<UserError>;
};

/** A disk of a Linode. */
export type Disk = Node & {
  __typename?: 'Disk';
  /** When it was created; null when Linode does not say. */
  created: Maybe<Scalars['DateTime']['output']>;
  /** Linode's own number, counted up: what `createImage` captures. */
  diskId: Scalars['ID']['output'];
  /** `ext4`, `ext3`, `raw`, `swap` or `initrd`; a `swap` disk is not worth capturing. Null when Linode does not say. */
  filesystem: Maybe<Scalars['String']['output']>;
  /** The global ID: `linodes/123/disks/456`. */
  id: Scalars['ID']['output'];
  /** The name people know it by. */
  label: Scalars['String']['output'];
  /** The Linode that it belongs to; null when that is gone. */
  linode: Maybe<Linode>;
  /** Its size in MB. */
  size: Scalars['Int']['output'];
  /** Whether it can be used. */
  status: DiskStatus;
  /** When it was last changed; null when Linode does not say. */
  updated: Maybe<Scalars['DateTime']['output']>;
};

/** Whether a disk can be used. */
export type DiskStatus =
  /** It is being deleted. */
  | 'DELETING'
  /** It is being made or changed. */
  | 'NOT_READY'
  /** It can. */
  | 'READY'
  /** A word of Linode's that this gateway does not know yet. */
  | 'UNKNOWN';

/** Something that happened on the account. Linode keeps events for 90 days. */
export type Event = Node & {
  __typename?: 'Event';
  /** What happened, in Linode's words: `disk_imagize` is a capture, `image_upload` an upload. */
  action: Scalars['String']['output'];
  /** When it began. */
  created: Scalars['DateTime']['output'];
  /** Linode's own number, counted up. */
  eventId: Scalars['ID']['output'];
  /** The global ID: `events/99`. */
  id: Scalars['ID']['output'];
  /** The image that it is about; null without one, and without an error when that is gone. */
  image: Maybe<Image>;
  /** The Linode that it is about: of a capture, the source. Null without one. `id`, `linodeId` and `label` are told from the event, even when the Linode is gone; with any other field the Linode itself is asked for, and is null when gone. */
  linode: Maybe<Linode>;
  /** More about it, such as why an upload failed; null when there is nothing to say. */
  message: Maybe<Scalars['String']['output']>;
  /** Linode's own percent, 0 to 100, which may run backwards; null on notifications. `Image.progress` has one that does not. */
  percentComplete: Maybe<Scalars['Int']['output']>;
  /** How far it is. */
  status: EventStatus;
  /** Who caused it; null when Linode itself did. */
  username: Maybe<Scalars['String']['output']>;
};

/** A page of events. */
export type EventConnection = {
  __typename?: 'EventConnection';
  /** The page's events, each with its cursor. */
  edges: Array<EventEdge>;
  /** The page's events. */
  nodes: Array<Event>;
  /** Where the page lies. */
  pageInfo: PageInfo;
  /** How many there are on all pages. */
  totalCount: Scalars['Int']['output'];
};

/** An event in its place in a connection. */
export type EventEdge = {
  __typename?: 'EventEdge';
  /** The event's position in the order, opaque; good for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: Event;
};

/** How far an event is. */
export type EventStatus =
  /** It failed. */
  | 'FAILED'
  /** It succeeded. */
  | 'FINISHED'
  /** It is a piece of news: there was nothing to wait for. */
  | 'NOTIFICATION'
  /** It has not begun. */
  | 'SCHEDULED'
  /** It is under way. */
  | 'STARTED'
  /** A word of Linode's that this gateway does not know yet. */
  | 'UNKNOWN';

/** A Linode image: a disk's content from which Linodes are deployed. */
export type Image = Node & {
  __typename?: 'Image';
  /** What it can do, in Linode's words, such as `cloud-init`. */
  capabilities: Array<Scalars['String']['output']>;
  /** When it was created. */
  created: Scalars['DateTime']['output'];
  /** The username of its creator, `linode` on public images; null on automatic and on shared images. */
  createdBy: Maybe<Scalars['String']['output']>;
  /** Who made it. Null, without an error, on Linode's own images, where `createdBy` is null, and when the creator is no user of the account any more. Needs `account:read_only` and an unrestricted user. */
  creator: Maybe<User>;
  /** Whether Linode advises against deploying it; true on some public images only. */
  deprecated: Scalars['Boolean']['output'];
  /** A longer text by its owner; null when there is none. */
  description: Maybe<Scalars['String']['output']>;
  /** When its distribution's support ends or ended; null when unknown and on private images. */
  eol: Maybe<Scalars['DateTime']['output']>;
  /** What happened to it, newest first, as far as it is among the newest 500 events of images of the last 90 days. Needs `events:read_only`. */
  events: Maybe<EventConnection>;
  /** When Linode will delete it; null on all but automatic images. */
  expiry: Maybe<Scalars['DateTime']['output']>;
  /** Linode's own ID: `linode/debian12` for a public image, `private/123` for one of the account's. */
  id: Scalars['ID']['output'];
  /** Whether everybody sees it. */
  isPublic: Scalars['Boolean']['output'];
  /** The name people know it by. */
  label: Scalars['String']['output'];
  /** The newest of `events`; null when there is none. */
  latestEvent: Maybe<Event>;
  /** The Linodes deployed from it, by number. Needs `linodes:read_only`. */
  linodes: Maybe<LinodeConnection>;
  /** How far its capture or upload is. An `AVAILABLE` image is `READY` without asking for events; any other needs `events:read_only`, for only an event tells whether the work failed. */
  progress: Maybe<ImageProgress>;
  /** Its size in MB: 0 before an upload has arrived, the source disk's size while it is captured. */
  size: Scalars['Int']['output'];
  /** The Linode that it was captured from, told by the capture's event; null when that is more than 90 days ago, and for uploads. `id`, `linodeId` and `label` are told from the event, even when the Linode is gone; with any other field the Linode itself is asked for, and is null when gone. Needs `events:read_only`. */
  sourceLinode: Maybe<Linode>;
  /** Whether it can be deployed yet. */
  status: ImageStatus;
  /** How it came to be. */
  type: ImageType;
  /** When it was last changed; null on automatic and on freshly shared images. */
  updated: Maybe<Scalars['DateTime']['output']>;
  /** Until when its bytes may be uploaded: 24 hours after creation while `PENDING_UPLOAD`, else null. */
  uploadExpiresAt: Maybe<Scalars['DateTime']['output']>;
  /** The distribution's maker, such as `Debian`; null on all but public images. */
  vendor: Maybe<Scalars['String']['output']>;
};


/** A Linode image: a disk's content from which Linodes are deployed. */
export type ImageEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
};


/** A Linode image: a disk's content from which Linodes are deployed. */
export type ImageLinodesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of images. */
export type ImageConnection = {
  __typename?: 'ImageConnection';
  /** The page's images, each with its cursor. */
  edges: Array<ImageEdge>;
  /** The page's images. */
  nodes: Array<Image>;
  /** Where the page lies. */
  pageInfo: PageInfo;
  /** How many images match the filter, on all pages. */
  totalCount: Scalars['Int']['output'];
};

/** An image in its place in a connection. */
export type ImageEdge = {
  __typename?: 'ImageEdge';
  /** The image's position in the order, opaque; good for `after` and `before` with the same `orderBy`. */
  cursor: Scalars['String']['output'];
  /** The image. */
  node: Image;
};

/** Conditions on images. All fields given must hold; one given as null counts as absent. */
export type ImageFilter = {
  /** All of these hold; an empty list matches everything. */
  and?: InputMaybe<Array<ImageFilter>>;
  /** It has this capability, such as `cloud-init`. */
  capability?: InputMaybe<Scalars['String']['input']>;
  /** On the time of creation. */
  created?: InputMaybe<DateTimeFilter>;
  /** On the creator's username. */
  createdBy?: InputMaybe<StringFilter>;
  /** Deprecated images only, or the others only. */
  deprecated?: InputMaybe<Scalars['Boolean']['input']>;
  /** On the description. */
  description?: InputMaybe<StringFilter>;
  /** On the end of support. */
  eol?: InputMaybe<DateTimeFilter>;
  /** On the time of expiry. */
  expiry?: InputMaybe<DateTimeFilter>;
  /** The ID is one of these. */
  id?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Public images only, or private and shared ones only. */
  isPublic?: InputMaybe<Scalars['Boolean']['input']>;
  /** On the label. */
  label?: InputMaybe<StringFilter>;
  /** This does not hold. */
  not?: InputMaybe<ImageFilter>;
  /** One of these holds; an empty list matches nothing. */
  or?: InputMaybe<Array<ImageFilter>>;
  /** On the size in MB. */
  size?: InputMaybe<IntFilter>;
  /** The status is one of these. */
  status?: InputMaybe<Array<ImageStatus>>;
  /** The type is one of these. */
  type?: InputMaybe<Array<ImageType>>;
  /** On the time of the last change. */
  updated?: InputMaybe<DateTimeFilter>;
  /** On the vendor. */
  vendor?: InputMaybe<StringFilter>;
};

/** One key of an order. Strings sort without regard to case, nulls last, ties by ID. */
export type ImageOrder = {
  /** In which direction. */
  direction?: OrderDirection;
  /** What to order by. */
  field: ImageOrderField;
};

/** What images can be ordered by. */
export type ImageOrderField =
  /** The time of creation. */
  | 'CREATED'
  /** The ID, its number counted as a number. */
  | 'ID'
  /** The label, without regard to case. */
  | 'LABEL'
  /** The size in MB. */
  | 'SIZE'
  /** The status, alphabetically. */
  | 'STATUS'
  /** The time of the last change. */
  | 'UPDATED'
  /** The vendor, without regard to case. */
  | 'VENDOR';

/** The phases from the first request to an image that can be deployed. */
export type ImagePhase =
  /** Its bytes may be uploaded until `uploadExpiresAt`. */
  | 'AWAITING_UPLOAD'
  /** It is being captured from a disk. */
  | 'CAPTURING'
  /** Its bytes did not arrive in time: Linode deletes it. */
  | 'EXPIRED'
  /** Its capture or upload failed. */
  | 'FAILED'
  /** Its bytes have arrived and are being unpacked. */
  | 'PROCESSING'
  /** It can be deployed. */
  | 'READY'
  /** Its status is a word of Linode's that this gateway does not know yet. */
  | 'UNKNOWN';

/** How far an image's capture or upload is. */
export type ImageProgress = {
  __typename?: 'ImageProgress';
  /** Why it failed, in Linode's words, where it did and Linode says so; else null. */
  failureReason: Maybe<Scalars['String']['output']>;
  /** How much of the phase is done, 0 to 100. It never falls while a phase lasts; null when Linode does not say. */
  percent: Maybe<Scalars['Int']['output']>;
  /** What is going on. */
  phase: ImagePhase;
};

/** Whether an image can be deployed yet. */
export type ImageStatus =
  /** Ready to deploy. */
  | 'AVAILABLE'
  /** Being captured from a disk. */
  | 'CREATING'
  /** Waiting for its bytes to be uploaded. */
  | 'PENDING_UPLOAD'
  /** A word of Linode's that this gateway does not know yet. */
  | 'UNKNOWN';

/** How an image came to be. */
export type ImageType =
  /** Made by Linode from a deleted Linode's disk; it expires. */
  | 'AUTOMATIC'
  /** Captured or uploaded by a user, or published by Linode. */
  | 'MANUAL'
  /** Shared with the account by another one. */
  | 'SHARED'
  /** A word of Linode's that this gateway does not know yet. */
  | 'UNKNOWN';

/** What will be uploaded. */
export type InitiateImageUploadInput = {
  /** Whether the image supports cloud-init. */
  cloudInit?: InputMaybe<Scalars['Boolean']['input']>;
  /** A longer text, up to 65,000 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The image's label, 1 to 50 characters. */
  label: Scalars['String']['input'];
  /** The region to upload to, such as `us-east`. */
  region: Scalars['ID']['input'];
};

/** Where to send an image's bytes. */
export type InitiateImageUploadPayload = {
  __typename?: 'InitiateImageUploadPayload';
  /** Until when `uploadTo` takes the bytes. */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** The new image, `PENDING_UPLOAD`; null when `userErrors` says why not. */
  image: Maybe<Image>;
  /** The URL to `PUT` a gzipped raw disk image to, with `Content-Type: application/octet-stream` and no `Authorization`. It is a secret and is told only once. */
  uploadTo: Maybe<Scalars['URL']['output']>;
  /** Why it did not happen; empty when it did. */
  userErrors: Array<UserError>;
};

/** A condition on a number. All fields given must hold. */
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
  /** When it was created. */
  created: Scalars['DateTime']['output'];
  /** Its disks, each of which can be captured as an image; null when the Linode is gone. One upstream call for each Linode: ask it of one, not of a page. */
  disks: Maybe<Array<Disk>>;
  /** The global ID: `linodes/123`. */
  id: Scalars['ID']['output'];
  /** The image it was deployed from; null without one, and without an error when that is gone or the caller may not see it. */
  image: Maybe<Image>;
  /** The ID of the image it was deployed from, even if that is gone; null when it was not deployed from one. */
  imageId: Maybe<Scalars['ID']['output']>;
  /** The name people know it by. */
  label: Scalars['String']['output'];
  /** Linode's own number, counted up. */
  linodeId: Scalars['ID']['output'];
  /** Where it runs; null when Linode lists no such region. */
  region: Maybe<Region>;
  /** What it is doing. */
  status: LinodeStatus;
  /** Its tags. */
  tags: Array<Scalars['String']['output']>;
  /** Its plan, such as `g6-nanode-1`; null when it has none. */
  typeId: Maybe<Scalars['String']['output']>;
  /** When it was last changed; null when Linode does not say. */
  updated: Maybe<Scalars['DateTime']['output']>;
};

/** A page of Linodes. */
export type LinodeConnection = {
  __typename?: 'LinodeConnection';
  /** The page's Linodes, each with its cursor. */
  edges: Array<LinodeEdge>;
  /** The page's Linodes. */
  nodes: Array<Linode>;
  /** Where the page lies. */
  pageInfo: PageInfo;
  /** How many there are on all pages. */
  totalCount: Scalars['Int']['output'];
};

/** A Linode in its place in a connection. */
export type LinodeEdge = {
  __typename?: 'LinodeEdge';
  /** The Linode's position in the order, opaque; good for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The Linode. */
  node: Linode;
};

/** Conditions on Linodes. All fields given must hold; one given as null counts as absent. */
export type LinodeFilter = {
  /** It was deployed from one of these images; an empty list matches nothing. */
  imageId?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** On the label. */
  label?: InputMaybe<StringFilter>;
  /** It runs in one of these regions, by slug or global ID; an empty list matches nothing. */
  region?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** It has this tag. */
  tag?: InputMaybe<Scalars['String']['input']>;
};

/** What a Linode is doing. */
export type LinodeStatus =
  /** It is suspended for an unpaid bill. */
  | 'BILLING_SUSPENSION'
  /** It is being powered on. */
  | 'BOOTING'
  /** It is being copied. */
  | 'CLONING'
  /** It is being deleted. */
  | 'DELETING'
  /** It moves to another host or region. */
  | 'MIGRATING'
  /** It is powered off. */
  | 'OFFLINE'
  /** It is being made. */
  | 'PROVISIONING'
  /** It restarts. */
  | 'REBOOTING'
  /** It is deployed anew from an image. */
  | 'REBUILDING'
  /** It is being restored from a backup. */
  | 'RESTORING'
  /** It runs. */
  | 'RUNNING'
  /** It is being powered off. */
  | 'SHUTTING_DOWN'
  /** It was stopped, for example for an unpaid bill. */
  | 'STOPPED'
  /** A word of Linode's that this gateway does not know yet. */
  | 'UNKNOWN';

/** Everything that can be changed. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Captures a Linode's disk as a new private image. The image is `CREATING` at first. */
  createImage: Maybe<CreateImagePayload>;
  /** Deletes a private image, or cancels its upload. */
  deleteImage: Maybe<DeleteImagePayload>;
  /** Makes a private image that waits for its bytes, and says where to send them. The file itself never passes the gateway. */
  initiateImageUpload: Maybe<InitiateImageUploadPayload>;
  /** Changes a private image's label or description. */
  updateImage: Maybe<UpdateImagePayload>;
};


/** Everything that can be changed. */
export type MutationCreateImageArgs = {
  input: CreateImageInput;
};


/** Everything that can be changed. */
export type MutationDeleteImageArgs = {
  input: DeleteImageInput;
};


/** Everything that can be changed. */
export type MutationInitiateImageUploadArgs = {
  input: InitiateImageUploadInput;
};


/** Everything that can be changed. */
export type MutationUpdateImageArgs = {
  input: UpdateImageInput;
};

/** An object with a globally unique ID, so that a client's store never mixes two objects. */
export type Node = {
  /** The object's global ID. */
  id: Scalars['ID']['output'];
};

/** The direction of an order. Nulls sort last in either. */
export type OrderDirection =
  /** Smallest, earliest or alphabetically first on top. */
  | 'ASC'
  /** Largest, latest or alphabetically last on top. */
  | 'DESC';

/** Where a page lies in its connection. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor of the page's last edge, null on an empty page. */
  endCursor: Maybe<Scalars['String']['output']>;
  /** Whether anything follows this page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether anything precedes this page. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the page's first edge, null on an empty page. */
  startCursor: Maybe<Scalars['String']['output']>;
};

/** Everything that can be asked. */
export type Query = {
  __typename?: 'Query';
  /** One image; null when there is none that the caller may see. */
  image: Maybe<Image>;
  /** The images that the caller sees: public ones, and with a token the account's own. Without `orderBy` the order is Linode's own: private by number, shared by number, then public by label, deprecated last. */
  images: Maybe<ImageConnection>;
  /** One Linode; null when there is none that the caller may see. */
  linode: Maybe<Linode>;
  /** The Linodes that the caller sees, by number. One upstream call for each 500 that match. */
  linodes: Maybe<LinodeConnection>;
  /** Any object by its global ID; null when there is none that the caller may see. */
  node: Maybe<Node>;
  /** Several objects by their global IDs, in the order asked for; null in the place of one that the caller may not see. */
  nodes: Array<Maybe<Node>>;
  /** One region; null when there is none. Up to five minutes old. */
  region: Maybe<Region>;
  /** All regions, in Linode's order. Up to five minutes old; no token is needed. */
  regions: Maybe<Array<Region>>;
  /** The user whose token this is. */
  viewer: Maybe<User>;
};


/** Everything that can be asked. */
export type QueryImageArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be asked. */
export type QueryImagesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ImageFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ImageOrder>>;
};


/** Everything that can be asked. */
export type QueryLinodeArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be asked. */
export type QueryLinodesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<LinodeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
};


/** Everything that can be asked. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be asked. */
export type QueryNodesArgs = {
  ids: Array<Scalars['ID']['input']>;
};


/** Everything that can be asked. */
export type QueryRegionArgs = {
  id: Scalars['ID']['input'];
};

/** A place where Linodes run and images are kept. */
export type Region = Node & {
  __typename?: 'Region';
  /** What it offers, in Linode's words. Images are kept where there is `Object Storage`; `Metadata` is what cloud-init images need. */
  capabilities: Array<Scalars['String']['output']>;
  /** The country, as a two-letter code in lower case. */
  country: Scalars['String']['output'];
  /** The global ID: `regions/us-east`. */
  id: Scalars['ID']['output'];
  /** Where it is: `Newark, NJ`. */
  label: Scalars['String']['output'];
  /** Linode's own ID: `us-east`. */
  slug: Scalars['String']['output'];
  /** Whether it works. */
  status: RegionStatus;
};

/** Whether a region works. */
export type RegionStatus =
  /** It works. */
  | 'OK'
  /** Linode knows of an outage. */
  | 'OUTAGE'
  /** A word of Linode's that this gateway does not know yet. */
  | 'UNKNOWN';

/** A condition on text. All fields given must hold. Only `contains` ignores case. */
export type StringFilter = {
  /** Holds this text, taken literally, in any case. */
  contains?: InputMaybe<Scalars['String']['input']>;
  /** Equals. */
  eq?: InputMaybe<Scalars['String']['input']>;
  /** Equals one of these; an empty list matches nothing. */
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  /** `true` keeps nulls only, `false` keeps non-nulls only. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Does not equal; null matches. */
  neq?: InputMaybe<Scalars['String']['input']>;
};

/** What to change: an absent field is left as it is. */
export type UpdateImageInput = {
  /** The new description, up to 65,000 characters; null or an empty text clears it. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The image's ID, such as `private/123`. */
  id: Scalars['ID']['input'];
  /** The new label, 1 to 50 characters; null is refused. */
  label?: InputMaybe<Scalars['String']['input']>;
};

/** What became of a change. */
export type UpdateImagePayload = {
  __typename?: 'UpdateImagePayload';
  /** The image as it is now; null when `userErrors` says why not. */
  image: Maybe<Image>;
  /** Why it did not happen; empty when it did. */
  userErrors: Array<UserError>;
};

/** A user of the account. */
export type User = Node & {
  __typename?: 'User';
  /** The e-mail address; null when Linode does not say. */
  email: Maybe<Scalars['String']['output']>;
  /** The global ID: `users/alice`. */
  id: Scalars['ID']['output'];
  /** Whether the user may do only what was granted; null when Linode does not say. */
  restricted: Maybe<Scalars['Boolean']['output']>;
  /** The name to log in by, unique. */
  username: Scalars['String']['output'];
};

/** Why a mutation did not happen, in words for the user who asked for it. */
export type UserError = {
  __typename?: 'UserError';
  /** The kind of refusal. */
  code: UserErrorCode;
  /** The path of the argument at fault, such as `["input", "label"]`; null when it concerns the whole request. */
  field: Maybe<Array<Scalars['String']['output']>>;
  /** Linode's reason, or the gateway's own. */
  message: Scalars['String']['output'];
};

/** The kinds of refusal of a mutation. */
export type UserErrorCode =
  /** Linode is busy with the same object; try again later. */
  | 'CONFLICT'
  /** An argument is not acceptable. */
  | 'INVALID'
  /** What the mutation names does not exist, or the caller may not see it. */
  | 'NOT_FOUND';
