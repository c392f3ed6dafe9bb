/** Later objects win. Object spread would need a helper in ES2017. */
export function merge<A, B, C>(first: A, second: B, third?: C): A & B & C {
  return Object.assign({}, first, second, third);
}
