import { Ajv2020, type AnySchemaObject, type ErrorObject } from 'ajv/dist/2020';
import { openApiDocument } from '../../openapi/document';
import type { Operation } from '../../openapi/operation';

export const DOCUMENT = openApiDocument();

/** Each operation with its method and its path, as a template. */
export const OPERATIONS: readonly {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}[] = Object.entries(DOCUMENT.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
);

/** A response as document.ts describes it. */
interface Described {
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

const NAME = 'openapi.json';
// Schemas refer to others in the document, so that ajv gets all of it.
const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(
  JSON.parse(JSON.stringify(DOCUMENT)) as AnySchemaObject,
  NAME,
);

const textOf = ({ instancePath, message = '', params }: ErrorObject): string =>
  `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`;

/** What is wrong with a value. Members that are not described are wrong too. */
export function faultsOfValue(schema: object, value: unknown): string[] {
  // Its references are relative to the document.
  const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${NAME}#/`)) as object;
  const isValid = ajv.compile({ allOf: [inDocument], unevaluatedProperties: false });
  return isValid(value) ? [] : (isValid.errors ?? []).map(textOf);
}

function missingHeaders(headers: NonNullable<Described['headers']>, given: Headers): string[] {
  return Object.entries(headers).flatMap(([name, { $ref }]) => {
    const described = DOCUMENT.components.headers[$ref.split('/').at(-1) ?? ''];
    return described?.['required'] === true && given.get(name) === null ? [`no ${name}`] : [];
  });
}

const answered = new Set<string>();

/** `operation status` of all answers that were found right. */
export const rightAnswers: ReadonlySet<string> = answered;

/**
 * What is wrong with a real answer, by the document: its status, its type, its headers or its body. Reads a
 * copy, so that the test can read it too.
 */
export async function faultsOf(id: string, response: Response): Promise<readonly string[]> {
  const operation = OPERATIONS.map((one) => one.operation).find((one) => one.operationId === id);
  if (!operation) return [`there is no operation ${id}`];
  const { status, headers } = response;
  // As operation.ts makes them.
  const described = (operation.responses[status] ?? operation.responses['default']) as
    Described | undefined;
  const where = `${id} ${status}`;
  if (!described) return [`${where} is not described`];
  const body = await response.clone().text();
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  const content = described.content?.[type] ?? described.content?.['*/*'];
  const faults = [
    ...missingHeaders(described.headers ?? {}, headers),
    ...(described.content && !content ? [`its type is not described: ${type}`] : []),
    ...(!described.content && body !== '' ? ['it has a body'] : []),
    ...(content?.schema && type.endsWith('json')
      ? faultsOfValue(content.schema, JSON.parse(body))
      : []),
  ];
  if (faults.length === 0) answered.add(where);
  return faults.map((fault) => `${where}: ${fault}`);
}
