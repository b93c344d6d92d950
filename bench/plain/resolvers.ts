import type { LinodeApi, RestImage } from './linodeApi.js';

export interface PlainContext {
  dataSources: { linode: LinodeApi };
}

interface StringFilter {
  eq?: string;
  neq?: string;
  contains?: string;
}

interface ImagesArgs {
  first: number;
  filter?: { label?: StringFilter };
}

interface UpdateImageArgs {
  input: { id: string; label?: string; description?: string };
}

export const resolvers = {
  Query: {
    image: async (_: unknown, { id }: { id: string }, { dataSources }: PlainContext) =>
      toImage(await dataSources.linode.image(id)),
    images: async (_: unknown, { first, filter }: ImagesArgs, { dataSources }: PlainContext) => {
      const page = await dataSources.linode.images(first, filter?.label && toXFilter(filter.label));
      return { nodes: page.data.slice(0, first).map(toImage), totalCount: page.results };
    },
  },
  Mutation: {
    updateImage: async (_: unknown, { input }: UpdateImageArgs, { dataSources }: PlainContext) => {
      const { id, ...change } = input;
      return { image: toImage(await dataSources.linode.updateImage(id, change)), userErrors: [] };
    },
  },
  Image: {
    creator: ({ createdBy }: ReturnType<typeof toImage>, _: unknown, { dataSources }: PlainContext) =>
      createdBy === null ? null : dataSources.linode.user(createdBy),
  },
};

const toImage = (image: RestImage) => ({
  id: image.id,
  label: image.label,
  description: image.description || null,
  created: `${image.created}Z`,
  updated: image.updated && `${image.updated}Z`,
  createdBy: image.created_by || null,
  isPublic: image.is_public,
  deprecated: image.deprecated,
  size: image.size,
  type: image.type.toUpperCase(),
  status: image.status.toUpperCase(),
  capabilities: image.capabilities,
  vendor: image.vendor,
  expiry: image.expiry && `${image.expiry}Z`,
  eol: image.eol && `${image.eol}Z`,
  uploadExpiresAt: null,
});

const toXFilter = ({ eq, neq, contains }: StringFilter) => ({
  '+and': [
    ...(eq === undefined ? [] : [{ label: eq }]),
    ...(neq === undefined ? [] : [{ label: { '+neq': neq } }]),
    ...(contains === undefined ? [] : [{ label: { '+contains': contains } }]),
  ],
});
