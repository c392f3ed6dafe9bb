/** Of swagger-ui-bundle.js, which is loaded before: https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ */
declare const SwaggerUIBundle: (options: {
  readonly dom_id: string;
  readonly url: string;
  readonly deepLinking: boolean;
  readonly defaultModelsExpandDepth: number;
  /** Null: the document is sent to nobody. */
  readonly validatorUrl: null;
}) => void;

// "Try it out" sends requests to this site, whose functions answer them.
SwaggerUIBundle({
  dom_id: '#reference',
  url: 'openapi.json',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
