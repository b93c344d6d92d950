export interface Example {
  title: string;
  /** One sentence; it also heads the query as a comment. */
  about: string;
  query: string;
  variables?: string;
  /** Only where the example needs other headers than the page's own. */
  headers?: string;
}

/** The sandbox's public tokens; see the README. */
export const SANDBOX_HEADERS = asHeaders('alice-full');

/** A comment: valid in this editor, and sends nothing, so anonymous queries work at once. */
export const TOKEN_HINT = '// {"Authorization": "Bearer <your Linode token>"}';

/** Ids that exist in the sandbox's seed; anywhere else they are placeholders, which the gateway refuses unsent. */
interface Ids {
  diskId: string;
  editedImage: string;
  deletedImage: string;
}
const SANDBOX_IDS: Ids = {
  diskId: '110014220',
  editedImage: 'private/23851701',
  deletedImage: 'private/23912377',
};
const PLACEHOLDERS: Ids = { diskId: 'DISK', editedImage: 'private/IMAGE', deletedImage: 'private/IMAGE' };

/** Where the sandbox stores the edited image, and one more region. */
const REPLICA_REGIONS = ['nl-ams', 'us-ord'];

const TWENTY_IMAGES = [
  ...['almalinux8', 'almalinux9', 'alpine3.18', 'alpine3.19', 'arch', 'centos-stream9', 'debian10'],
  ...['debian11', 'debian12', 'fedora38', 'fedora39', 'gentoo', 'kali', 'opensuse15.5', 'opensuse15.6'],
  ...['rocky8', 'rocky9', 'ubuntu20.04', 'ubuntu22.04', 'ubuntu24.04'],
];

export function examples(sandbox: boolean): Example[] {
  const ids = sandbox ? SANDBOX_IDS : PLACEHOLDERS;
  return [firstPage, nextPage, filterAndOrder, oneImage, twentyImages]
    .concat([captureDisk(ids), editImage(ids), deleteImage(ids), startUpload])
    .concat([followImages])
    .concat([tags, replicas(ids), permissions])
    .concat(sandbox ? missingScope(ids) : []);
}

const firstPage = example({
  title: 'First page',
  about:
    "The first five images that you see, in Linode's own order: your private ones, then the public ones.",
  query: `
query FirstPage {
  images(first: 5) {
    totalCount
    nodes {
      id
      label
      status
      size # MB
      created
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}`,
});

const nextPage = example({
  title: 'Next page',
  about: 'A later page, by number or by cursor.',
  notes: [
    'As it stands, "offset" skips the first five images.',
    'Or copy an endCursor into the variable "after" and set "offset" to null: a cursor names a position in the',
    'order, so images that come or go meanwhile neither repeat nor hide another.',
  ],
  query: `
query NextPage($after: String, $offset: Int) {
  images(first: 5, after: $after, offset: $offset) {
    totalCount
    nodes {
      id
      label
    }
    pageInfo {
      hasPreviousPage
      hasNextPage
      endCursor
    }
  }
}`,
  variables: { after: null, offset: 5 },
});

const filterAndOrder = example({
  title: 'Filter and order',
  about: 'Debian and Ubuntu with cloud-init, neither private nor deprecated, the newest first.',
  notes: [
    'All fields of a filter must hold; "and", "or" and "not" nest. Nulls sort last in either direction.',
  ],
  query: `
query FilterAndOrder($filter: ImageFilter) {
  images(
    first: 10
    filter: $filter
    orderBy: [{ field: CREATED, direction: DESC }, { field: LABEL }]
  ) {
    totalCount
    nodes {
      id
      label
      vendor
      created
      eol
      capabilities
    }
  }
}`,
  variables: {
    filter: {
      isPublic: true,
      deprecated: false,
      capability: 'cloud-init',
      vendor: { in: ['Debian', 'Ubuntu'] },
    },
  },
});

const oneImage = example({
  title: 'One image',
  about: 'One image by its id; null when there is none that you may see.',
  query: `
query OneImage($id: ID!) {
  image(id: $id) {
    id
    label
    description
    vendor
    type
    status
    size # MB
    deprecated
    created
    updated
    eol
  }
}`,
  variables: { id: 'linode/debian12' },
});

const twentyImages = example({
  title: 'Twenty images at once',
  about:
    'Twenty images by id in one round trip: one batch, answered from the list of a moment ago where there is one.',
  notes: ['Where the gateway can explain itself, press Explain in the toolbar to see the calls it made.'],
  query: `
query TwentyImages {
${TWENTY_IMAGES.map((name) => `  ${name.replace(/\W/g, '_')}: image(id: "linode/${name}") { ...Row }`).join('\n')}
}

fragment Row on Image {
  id
  label
  deprecated
}`,
});

const captureDisk = ({ diskId }: Ids) =>
  example({
    title: 'Capture a disk',
    about: "Captures a Linode's disk as a new private image; it is CREATING at first.",
    notes: ['What Linode refuses comes back in "userErrors", with the path of the argument at fault.'],
    query: `
mutation CaptureDisk($input: CreateImageInput!) {
  createImage(input: $input) {
    image {
      id
      label
      status
      size # MB
      created
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
    variables: { input: { diskId, label: 'bastion-golden', description: 'Captured from GraphiQL' } },
  });

const editImage = ({ editedImage }: Ids) =>
  example({
    title: 'Edit an image',
    about: "Changes a private image's label and description.",
    notes: ['A field left out stays as it is; "description": null clears it.'],
    query: `
mutation EditImage($input: UpdateImageInput!) {
  updateImage(input: $input) {
    image {
      id
      label
      description
      updated
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
    variables: { input: { id: editedImage, label: 'renamed-in-graphiql', description: null } },
  });

const deleteImage = ({ deletedImage }: Ids) =>
  example({
    title: 'Delete an image',
    about: 'Deletes a private image, or cancels its upload.',
    notes: ['Run it twice: the second answer is a NOT_FOUND among the "userErrors".'],
    query: `
mutation DeleteImage($input: DeleteImageInput!) {
  deleteImage(input: $input) {
    deletedImageId
    userErrors {
      code
      message
      field
    }
  }
}`,
    variables: { input: { id: deletedImage } },
  });

const startUpload = example({
  title: 'Start an upload',
  about: 'Makes an image that waits for its bytes, and says where to send them.',
  notes: [
    "The file never passes the gateway. Finish with the response's uploadTo, a secret that is returned only once:",
    '',
    '  curl -X PUT -H "Content-Type: application/octet-stream" --data-binary @my.img.gz "<uploadTo>"',
  ],
  query: `
mutation StartUpload($input: InitiateImageUploadInput!) {
  initiateImageUpload(input: $input) {
    image {
      id
      label
      status
      uploadExpiresAt
    }
    uploadTo
    expiresAt
    userErrors {
      code
      message
      field
    }
  }
}`,
  variables: { input: { label: 'my-upload', region: 'us-east', cloudInit: true } },
});

const followImages = example({
  title: 'Follow images',
  about: 'Your images as they are, then each change as it happens. Stop it with the button that started it.',
  notes: [
    'Run "Capture a disk" in another tab meanwhile, and watch its progress here: the gateway polls Linode once for all subscribers.',
  ],
  query: `
subscription FollowImages($filter: ImageFilter) {
  imageChanges(filter: $filter) {
    kind
    imageId
    image {
      label
      status
      progress {
        phase
        percent
      }
    }
  }
}`,
  variables: { filter: { status: ['CREATING', 'PENDING_UPLOAD'] } },
});

const tags = example({
  title: 'Tags',
  about: 'All tags of your images, and the images with one of them.',
  notes: ['Both come from the image list: filters on tags and regions cost no further call.'],
  query: `
query Tags($filter: ImageFilter) {
  imageTags {
    label
    count
  }
  images(first: 10, filter: $filter) {
    totalCount
    nodes {
      id
      label
      tags
    }
  }
}`,
  variables: { filter: { tag: { isNull: false } } },
});

const replicas = ({ editedImage }: Ids) =>
  example({
    title: 'Replicate an image',
    about: 'Sets the regions that store an image; Linode copies it to the new ones.',
    notes: [
      '"expectedRegions" are those that you have seen. If another tab changed them meanwhile, the result is a CONFLICT and nothing is overwritten: run it twice to see one.',
    ],
    query: `
mutation ReplicateImage($input: SetImageRegionsInput!) {
  setImageRegions(input: $input) {
    image {
      id
      regions {
        regionId
        status
      }
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
    variables: {
      input: { id: editedImage, regions: REPLICA_REGIONS, expectedRegions: REPLICA_REGIONS.slice(0, 1) },
    },
  });

const permissions = example({
  title: 'Permissions',
  about: 'What you may do: with your account, and with each of your images.',
  notes: ['A null means that it is not known, for example without a token; it never means no.'],
  query: `
query Permissions {
  profile {
    user {
      username
      restricted
    }
    timezone
    can {
      createImage
      uploadImage
      createLinode
    }
  }
  images(first: 5, filter: { isPublic: false }) {
    nodes {
      id
      label
      viewerCan {
        update
        replicate
        delete
        deploy
      }
    }
  }
}`,
});

const missingScope = ({ editedImage }: Ids) =>
  example({
    title: 'A missing scope',
    about: 'What a refusal looks like: the Headers tab holds a token that may only read.',
    notes: [
      'The error on the path "updateImage" has the code FORBIDDEN and tells the scopes needed and granted.',
      'Headers are never saved: after a reload, type the token alice-read again.',
    ],
    query: `
mutation MissingScope($input: UpdateImageInput!) {
  updateImage(input: $input) {
    image {
      id
      label
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
    variables: { input: { id: editedImage, label: 'not-with-this-token' } },
    headers: asHeaders('alice-read'),
  });

function asHeaders(token: string): string {
  return JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2);
}

function example(from: {
  title: string;
  about: string;
  notes?: string[];
  query: string;
  variables?: object;
  headers?: string;
}): Example {
  const comment = [from.about, ...(from.notes ?? [])].flatMap(wrapped).map((line) => `# ${line}`.trimEnd());
  return {
    title: from.title,
    about: from.about,
    query: `${comment.join('\n')}${from.query}\n`,
    ...(from.variables && { variables: JSON.stringify(from.variables, null, 2) }),
    ...(from.headers && { headers: from.headers }),
  };
}

/** To the editor's width on a laptop; a line that starts with a space, a command, stays whole. */
function wrapped(text: string): string[] {
  if (text.startsWith(' ')) return [text];
  return text
    .replace(/(.{1,47})(?:\s+|$)/g, '$1\n')
    .trimEnd()
    .split('\n');
}
