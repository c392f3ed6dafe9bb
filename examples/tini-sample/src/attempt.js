/** The errors of the client have messages for users, in the user's language. */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** Runs what a tap asked for: shows that it is under way, and what went wrong. */
export async function attempt(page, work) {
  // A second tap while the first is still running changes nothing.
  if (page.data.isBusy) return;
  page.setData({ isBusy: true, message: '' });
  try {
    await work();
  } catch (error) {
    page.setData({ message: messageOf(error) });
  }
  page.setData({ isBusy: false });
}
