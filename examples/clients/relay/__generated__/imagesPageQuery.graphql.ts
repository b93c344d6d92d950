/**
 * @generated SignedSource<<c59552370c4ec201ca4aec48ef9c8176>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type imagesPageQuery$variables = {
  first: number;
  offset: number;
};
export type imagesPageQuery$data = {
  readonly images: {
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly label: string;
    }>;
    readonly totalCount: number;
  } | null | undefined;
};
export type imagesPageQuery = {
  response: imagesPageQuery$data;
  variables: imagesPageQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "first"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "offset"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "first",
        "variableName": "first"
      },
      {
        "kind": "Variable",
        "name": "offset",
        "variableName": "offset"
      },
      {
        "kind": "Literal",
        "name": "orderBy",
        "value": [
          {
            "field": "LABEL"
          }
        ]
      }
    ],
    "concreteType": "ImageConnection",
    "kind": "LinkedField",
    "name": "images",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "totalCount",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "Image",
        "kind": "LinkedField",
        "name": "nodes",
        "plural": true,
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
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "imagesPageQuery",
    "selections": (v1/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "imagesPageQuery",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "0a3fa924a7fe4903573685e603dd7923",
    "id": null,
    "metadata": {},
    "name": "imagesPageQuery",
    "operationKind": "query",
    "text": "query imagesPageQuery(\n  $first: Int!\n  $offset: Int!\n) {\n  images(first: $first, offset: $offset, orderBy: [{field: LABEL}]) {\n    totalCount\n    nodes {\n      id\n      label\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "16079d04cbba05d70f34d9b2d94fd5ce";

export default node;
