/** The client's errors have messages for users, in their language. */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs the work of a tap. Sets in the page's data: `isBusy` while it runs, `action`, so that only its
 * button shows that, and `message`, which the view shows below that button if the work failed.
 *
 * @param page The Tini App page.
 * @param action The button's name.
 * @param work What the tap does; may return a promise.
 */
export async function attempt(page, action, work) {
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
