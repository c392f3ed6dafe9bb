import { type Connection } from '../connection';
import { merge } from '../merge';
import { type Answer, fieldsOf, readAnswer } from '../runtime/answer';
import { callMy, LATE } from '../runtime/call-my';

/** Longer than the gateway's limit of 45 s for the file and 10 s for Google's answer. */
const TIMEOUT_MS = 70_000;

export interface FileToSend {
  readonly url: string;
  /** A temporary path, as `my.chooseImage` gives it. */
  readonly filePath: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Typed as `header` and `statusCode`, where `my.request` has `headers` and `status`; takes both. */
function answerOf(given: unknown, ok?: boolean): Answer | undefined {
  const { statusCode, header } = fieldsOf(given);
  const named = statusCode ? { status: statusCode, headers: header || {} } : {};
  return readAnswer(statusCode ? merge(fieldsOf(given), named) : given, ok);
}

/** `my.uploadFile`: one file as the only one of a form. Resolves for every status. */
export async function uploadFile(connection: Connection, file: FileToSend): Promise<Answer> {
  const { url, filePath, contentType, headers } = file;
  const [kind = ''] = contentType.split('/');
  const outcome = await callMy(
    connection,
    'uploadFile',
    merge(
      { url, filePath, fileName: 'file', header: headers, headers, timeout: TIMEOUT_MS },
      // The three kinds that it documents.
      /image|video|audio/.test(kind) && { fileType: kind },
    ),
    TIMEOUT_MS,
  );
  if (outcome === LATE) connection.failWith('timeout');
  const { ok, given } = outcome;
  return answerOf(given, ok) || connection.failWith('network', { native: given });
}
