/** The client's errors have messages for users, in their language. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What `attempt` sets in a page's data. */
export interface Attempt {
  isBusy: boolean;
  /** The name of the button that was tapped, so that only this one shows the result. */
  action: string;
  /** Why the work failed; the view shows it below the button. */
  message: string;
}

export const NO_ATTEMPT: Attempt = { isBusy: false, action: '', message: '' };

interface AttemptPage {
  readonly data: Attempt;
  setData(changes: Partial<Attempt>): void;
}

/**
 * Runs the work of a tap.
 *
 * @param action The button's name.
 * @param work What the tap does.
 */
export async function attempt(
  page: AttemptPage,
  action: string,
  work: () => Promise<unknown>,
): Promise<void> {
  // Ignores a second tap while the first is still running.
  if (page.data.isBusy) return;
  page.setData({ isBusy: true, action, message: '' });
  try {
    await work();
  } catch (error) {
    page.setData({ message: messageOf(error) });
  }
  page.setData({ isBusy: false });
}
