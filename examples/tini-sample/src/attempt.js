/** The client's errors have messages for users, in their language. */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** Runs the work of a tap, and shows that it is running and what went wrong. */
export async function attempt(page, work) {
  // Ignores a second tap while the first is still running.
  if (page.data.isBusy) return;
  page.setData({ isBusy: true, message: '' });
  try {
    await work();
  } catch (error) {
    page.setData({ message: messageOf(error) });
  }
  page.setData({ isBusy: false });
}
