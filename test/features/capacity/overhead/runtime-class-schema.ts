/**
 * RuntimeClass of `node.k8s.io/v1` as Kubernetes 1.32 takes it: the OpenAPI schema (api/openapi-spec/v3,
 * io.k8s.api.node.v1.RuntimeClass), with what the API server checks beyond it: no unknown field (`fieldValidation=Strict`),
 * names (pkg/apis/node/validation: a DNS subdomain, and a DNS label for the handler), and quantities of resources that a
 * pod can ask for (apimachinery, resource.Quantity), none of them negative.
 */
export const runtimeClassSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'metadata', 'handler'],
  properties: {
    apiVersion: { const: 'node.k8s.io/v1' },
    kind: { const: 'RuntimeClass' },
    metadata: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: {
        name: { type: 'string', maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        annotations: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
    handler: { type: 'string', maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' },
    overhead: {
      type: 'object',
      additionalProperties: false,
      properties: {
        podFixed: {
          type: 'object',
          propertyNames: { enum: ['cpu', 'memory', 'ephemeral-storage'] },
          additionalProperties: {
            type: 'string',
            pattern: '^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]+)?$',
          },
        },
      },
    },
    scheduling: {
      type: 'object',
      additionalProperties: false,
      properties: {
        nodeSelector: { type: 'object', additionalProperties: { type: 'string' } },
        tolerations: { type: 'array', items: { type: 'object' } },
      },
    },
  },
} as const;
