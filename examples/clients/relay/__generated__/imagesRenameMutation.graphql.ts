/**
 * @generated SignedSource<<cbe18beec1fe3681443cae52581ea747>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type imagesRenameMutation$variables = {
  id: string;
  label: string;
};
export type imagesRenameMutation$data = {
  readonly updateImage: {
    readonly image: {
      readonly id: string;
      readonly label: string;
    } | null | undefined;
    readonly userErrors: ReadonlyArray<{
      readonly message: string;
    }>;
  } | null | undefined;
};
export type imagesRenameMutation$rawResponse = {
  readonly updateImage: {
    readonly image: {
      readonly id: string;
      readonly label: string;
    } | null | undefined;
    readonly userErrors: ReadonlyArray<{
      readonly message: string;
    }>;
  } | null | undefined;
};
export type imagesRenameMutation = {
  rawResponse: imagesRenameMutation$rawResponse;
  response: imagesRenameMutation$data;
  variables: imagesRenameMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "label"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "fields": [
          {
            "kind": "Variable",
            "name": "id",
            "variableName": "id"
          },
          {
            "kind": "Variable",
            "name": "label",
            "variableName": "label"
          }
        ],
        "kind": "ObjectValue",
        "name": "input"
      }
    ],
    "concreteType": "UpdateImagePayload",
    "kind": "LinkedField",
    "name": "updateImage",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
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
            "name": "label",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "UserError",
        "kind": "LinkedField",
        "name": "userErrors",
        "plural": true,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "message",
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
    "name": "imagesRenameMutation",
    "selections": (v1/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "imagesRenameMutation",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "9ae6117bbb72de48c22ac3ae76298ae1",
    "id": null,
    "metadata": {},
    "name": "imagesRenameMutation",
    "operationKind": "mutation",
    "text": "mutation imagesRenameMutation(\n  $id: ID!\n  $label: String!\n) {\n  updateImage(input: {id: $id, label: $label}) {\n    image {\n      id\n      label\n    }\n    userErrors {\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "18ac75cdb538cbd71dfd3588f3784a21";

export default node;
