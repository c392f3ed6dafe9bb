/** The caller hung up before the answer was complete. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}
