import { stringIn, stringsIn, type JsonRecord } from '../json';

/** The bridge's answer to `POST /auth_exchange`, as far as the page shows it. */
export interface ExchangeAnswer {
  readonly customToken: string;
  readonly uid: string;
  readonly scopes: readonly string[];
}

/** @throws Error that names the field which is not as documented */
export function exchangeAnswerIn(body: JsonRecord): ExchangeAnswer {
  return {
    customToken: stringIn(body, 'customToken'),
    uid: stringIn(body, 'uid'),
    scopes: stringsIn(body, 'scopes'),
  };
}
