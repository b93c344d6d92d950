/**
 * @generated SignedSource<<11735545c5d2f12026e7cda3d42bd8c1>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type ImageStatus = "AVAILABLE" | "CREATING" | "PENDING_UPLOAD" | "UNKNOWN" | "%future added value";
export type imagesListQuery$variables = {
  after?: string | null | undefined;
  first: number;
};
export type imagesListQuery$data = {
  readonly images: {
    readonly edges: ReadonlyArray<{
      readonly node: {
        readonly id: string;
        readonly label: string;
        readonly status: ImageStatus;
      };
    }>;
  } | null | undefined;
};
export type imagesListQuery = {
  response: imagesListQuery$data;
  variables: imagesListQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "after"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "first"
},
v2 = {
  "kind": "Literal",
  "name": "orderBy",
  "value": [
    {
      "field": "LABEL"
    }
  ]
},
v3 = [
  {
    "alias": null,
    "args": null,
    "concreteType": "ImageEdge",
    "kind": "LinkedField",
    "name": "edges",
    "plural": true,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Image",
        "kind": "LinkedField",
        "name": "node",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "label",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "status",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "cursor",
        "storageKey": null
      }
    ],
    "storageKey": null
  },
  {
    "alias": null,
    "args": null,
    "concreteType": "PageInfo",
    "kind": "LinkedField",
    "name": "pageInfo",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "endCursor",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "hasNextPage",
        "storageKey": null
      }
    ],
    "storageKey": null
  }
],
v4 = [
  {
    "kind": "Variable",
    "name": "after",
    "variableName": "after"
  },
  {
    "kind": "Variable",
    "name": "first",
    "variableName": "first"
  },
  (v2/*:: as any*/)
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "imagesListQuery",
    "selections": [
      {
        "alias": "images",
        "args": [
          (v2/*:: as any*/)
        ],
        "concreteType": "ImageConnection",
        "kind": "LinkedField",
        "name": "__images_images_connection",
        "plural": false,
        "selections": (v3/*:: as any*/),
        "storageKey": "__images_images_connection(orderBy:[{\"field\":\"LABEL\"}])"
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "imagesListQuery",
    "selections": [
      {
        "alias": null,
        "args": (v4/*:: as any*/),
        "concreteType": "ImageConnection",
        "kind": "LinkedField",
        "name": "images",
        "plural": false,
        "selections": (v3/*:: as any*/),
        "storageKey": null
      },
      {
        "alias": null,
        "args": (v4/*:: as any*/),
        "filters": [
          "orderBy"
        ],
        "handle": "connection",
        "key": "images_images",
        "kind": "LinkedHandle",
        "name": "images"
      }
    ]
  },
  "params": {
    "cacheID": "a2afa783b284462c7ba80b26fc19454f",
    "id": null,
    "metadata": {
      "connection": [
        {
          "count": "first",
          "cursor": "after",
          "direction": "forward",
          "path": [
            "images"
          ]
        }
      ]
    },
    "name": "imagesListQuery",
    "operationKind": "query",
    "text": "query imagesListQuery(\n  $first: Int!\n  $after: String\n) {\n  images(first: $first, after: $after, orderBy: [{field: LABEL}]) {\n    edges {\n      node {\n        id\n        label\n        status\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "8418b85e60c1f6bb14e5f808d0c8311f";

export default node;
