/** A new object with the fields of all; later ones win. Spread would cost a helper in ES2017. */
export function merge<A, B, C>(first: A, second: B, third?: C): A & B & C {
  return Object.assign({}, first, second, third);
}
