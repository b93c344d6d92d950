import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';

// HttpLink speaks multipart subscriptions by itself.
export const createClient = (url: string, token: string): ApolloClient =>
  new ApolloClient({
    link: new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } }),
    cache: new InMemoryCache(),
  });

export const FOLLOW_IMAGE = gql`
  subscription FollowImage($id: ID!) {
    image(id: $id) {
      id
      status
      progress {
        phase
        percent
      }
    }
  }
`;
