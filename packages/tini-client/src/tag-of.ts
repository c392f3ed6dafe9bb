/** The object tag; instanceof fails between JavaScript realms, and page and library may differ. */
export const tagOf = (value: unknown) => Object.prototype.toString.call(value).slice(8, -1);
