import { operatorName } from './operator-name';

const ask = jest.spyOn(globalThis, 'fetch');
afterAll(() => {
  ask.mockRestore();
});

it('names a service account without asking', async () => {
  const session = { accessToken: 't', email: 'robot@shop.iam.gserviceaccount.com' };
  expect(await operatorName(session)).toBe('operator robot@shop.iam.gserviceaccount.com');
  expect(ask).not.toHaveBeenCalled();
});

it.each<[string, () => Promise<Response>, string]>([
  [
    'as Google knows them',
    () => Promise.resolve(Response.json({ email: 'a@example.com' })),
    ' a@example.com',
  ],
  ['not at all, if Google does not say', () => Promise.resolve(Response.json({ sub: '1' })), ''],
  ['not by what is no address', () => Promise.resolve(Response.json({ email: 'a\nb' })), ''],
  ['not at all, if Google cannot be asked', () => Promise.reject(new Error('no network')), ''],
])('names a person %s', async (_, answer, name) => {
  ask.mockImplementationOnce(answer);
  expect(await operatorName({ accessToken: 't', email: undefined })).toBe(`operator${name}`);
});
