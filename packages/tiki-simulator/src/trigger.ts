/**
 * Changes an order at the simulator that runs at this port, and returns what to print. Throws an
 * error for the user.
 */
export async function trigger(
  port: number,
  status: string,
  orderId: string | undefined,
): Promise<string> {
  const origin = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${origin}/simulator/triggers`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ status, ...(orderId !== undefined && { orderId }) }),
  }).catch((cause: unknown) => {
    throw new Error(
      `No Tiki simulator answers at ${origin}. Start one with npm start or npm run tiki-simulator, ` +
        'or name its port: --port 9011',
      { cause },
    );
  });
  const said = (await answer.json()) as {
    readonly error?: string;
    readonly order?: { readonly id: string; readonly status: string };
  };
  if (said.order === undefined) throw new Error(said.error ?? `HTTP status ${answer.status}`);
  return `Order ${said.order.id} is ${said.order.status}.`;
}
