/** The string in this field of a JSON answer. */
async function fieldOf(response: Response, name: string): Promise<string> {
  const body: unknown = await response.json();
  const value: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  if (!response.ok || typeof value !== 'string') {
    throw new Error(`${response.url} answered ${response.status} without ${name}`);
  }
  return value;
}

const post = (url: string, body: object) =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Only in `npm start`: a custom token for a customer of the Tiki simulator, by a whole login. */
export async function logInAt(
  simulatorOrigin: string,
  customer: { readonly id: string; readonly name: string },
): Promise<string> {
  const issued = await post(`${simulatorOrigin}/simulator/auth-codes`, {
    customerId: customer.id,
    customerName: customer.name,
    scopes: ['user_profile'],
  });
  const code = await fieldOf(issued, 'authCode');
  return fieldOf(await post('/auth_exchange', { code }), 'customToken');
}
