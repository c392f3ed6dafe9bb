import { stringIn, stringsIn, type JsonRecord } from '../json';

/** The parts of the answer to `POST /auth_exchange` that the page shows. */
export interface ExchangeAnswer {
  readonly customToken: string;
  readonly uid: string;
  readonly scopes: readonly string[];
}

/** @throws Error that names the field with the wrong type */
export function exchangeAnswerIn(body: JsonRecord): ExchangeAnswer {
  return {
    customToken: stringIn(body, 'customToken'),
    uid: stringIn(body, 'uid'),
    scopes: stringsIn(body, 'scopes'),
  };
}
