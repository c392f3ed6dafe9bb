import { named } from './deployment';

/*
 * Lines for people. Texts have the names and scripts of this repository; what is printed has those of the
 * project that the command runs in.
 */

export const say = (text: string): void => {
  console.log(named(text));
};

/** On standard error. */
export const warn = (text: string): void => {
  console.error(named(text));
};
