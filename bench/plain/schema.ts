/** The part of the gateway's schema that the workloads ask for. */
export const typeDefs = `#graphql
  scalar DateTime

  type Query {
    image(id: ID!): Image
    images(first: Int = 50, filter: ImageFilter): ImageConnection
  }

  type Mutation {
    updateImage(input: UpdateImageInput!): UpdateImagePayload
  }

  type Image {
    id: ID!
    label: String!
    description: String
    created: DateTime!
    updated: DateTime
    createdBy: String
    creator: User
    isPublic: Boolean!
    deprecated: Boolean!
    size: Int!
    type: ImageType!
    status: ImageStatus!
    capabilities: [String!]!
    vendor: String
    expiry: DateTime
    eol: DateTime
    uploadExpiresAt: DateTime
  }

  enum ImageType { MANUAL AUTOMATIC SHARED }
  enum ImageStatus { CREATING PENDING_UPLOAD AVAILABLE }

  type User {
    username: String!
    email: String
    restricted: Boolean
  }

  type ImageConnection {
    nodes: [Image!]!
    totalCount: Int!
  }

  input ImageFilter {
    label: StringFilter
  }

  input StringFilter {
    eq: String
    neq: String
    contains: String
  }

  input UpdateImageInput {
    id: ID!
    label: String
    description: String
  }

  type UpdateImagePayload {
    image: Image
    userErrors: [UserError!]!
  }

  type UserError {
    message: String!
  }
`;
