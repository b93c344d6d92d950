/**
 * @generated SignedSource<<73b1e91d4516adf35b1a47a3fa236af0>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type ImageStatus = "AVAILABLE" | "CREATING" | "PENDING_UPLOAD" | "UNKNOWN" | "%future added value";
export type imagesCaptureMutation$variables = {
  diskId: string;
  label: string;
};
export type imagesCaptureMutation$data = {
  readonly createImage: {
    readonly image: {
      readonly id: string;
      readonly label: string;
      readonly status: ImageStatus;
    } | null | undefined;
    readonly userErrors: ReadonlyArray<{
      readonly message: string;
    }>;
  } | null | undefined;
};
export type imagesCaptureMutation = {
  response: imagesCaptureMutation$data;
  variables: imagesCaptureMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "diskId"
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
            "name": "diskId",
            "variableName": "diskId"
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
    "concreteType": "CreateImagePayload",
    "kind": "LinkedField",
    "name": "createImage",
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
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "status",
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
    "name": "imagesCaptureMutation",
    "selections": (v1/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "imagesCaptureMutation",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "0f27bacffb729d75512fea51be1fd356",
    "id": null,
    "metadata": {},
    "name": "imagesCaptureMutation",
    "operationKind": "mutation",
    "text": "mutation imagesCaptureMutation(\n  $diskId: ID!\n  $label: String!\n) {\n  createImage(input: {diskId: $diskId, label: $label}) {\n    image {\n      id\n      label\n      status\n    }\n    userErrors {\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "1e5f84932b8e3cd8e20e2d4fac962bb2";

export default node;
