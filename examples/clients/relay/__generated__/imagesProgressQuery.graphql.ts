/**
 * @generated SignedSource<<32063cfb57d5c77342003fea5e1e0929>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type ImagePhase = "AWAITING_UPLOAD" | "CAPTURING" | "EXPIRED" | "FAILED" | "PROCESSING" | "READY" | "UNKNOWN" | "%future added value";
export type ImageStatus = "AVAILABLE" | "CREATING" | "PENDING_UPLOAD" | "UNKNOWN" | "%future added value";
export type imagesProgressQuery$variables = {
  id: string;
};
export type imagesProgressQuery$data = {
  readonly image: {
    readonly id: string;
    readonly progress: {
      readonly percent: number | null | undefined;
      readonly phase: ImagePhase;
    } | null | undefined;
    readonly status: ImageStatus;
  } | null | undefined;
};
export type imagesProgressQuery = {
  response: imagesProgressQuery$data;
  variables: imagesProgressQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "id",
        "variableName": "id"
      }
    ],
    "concreteType": "Image",
    "kind": "LinkedField",
    "name": "image",
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
        "name": "status",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "ImageProgress",
        "kind": "LinkedField",
        "name": "progress",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "phase",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "percent",
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
    "name": "imagesProgressQuery",
    "selections": (v1/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "imagesProgressQuery",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "5290d42d4b46e2cc2c65141fc9892581",
    "id": null,
    "metadata": {},
    "name": "imagesProgressQuery",
    "operationKind": "query",
    "text": "query imagesProgressQuery(\n  $id: ID!\n) {\n  image(id: $id) {\n    id\n    status\n    progress {\n      phase\n      percent\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "a72d19e452e2c57ae27e81d57de1fea7";

export default node;
