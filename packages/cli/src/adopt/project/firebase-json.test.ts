import { faultOfFirebaseJson } from './firebase-json';

it.each([
  ['{\n  "hosting": {}\n  "functions": {}\n}', 'it is malformed, line 3: comma expected'],
  ['{"hosting":{"rewrites":[{"source":1}]}}', 'it is not as the Firebase CLI takes it: hosting'],
])('says where %j is wrong', (text, fault) => {
  expect(faultOfFirebaseJson(text)).toBe(fault);
});
