import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { termsOfDays } from '../premium/purchase';
import { Problem } from '../problem';
import { setParameters } from '../remedy';

/** Tiki takes no order above this amount unless it is asked to. */
const MAX_PRICE_VND = 10_000_000;
const MIN_PRICE_VND = 1_000;
const MAX_PLANS = 50;

/** The names of a plan, as customers read them. */
const names = z.strictObject({
  vi: z.string().regex(/^\P{Cc}{1,100}$/u, 'must have 1 to 100 characters'),
  en: z.string().regex(/^\P{Cc}{1,100}$/u, 'must have 1 to 100 characters'),
});

/** The parts of a plan that an order keeps. */
export const planFields = {
  name: names,
  priceVnd: z
    .int('must be a whole number of VND')
    .min(MIN_PRICE_VND, `must be at least ${MIN_PRICE_VND}`)
    .max(MAX_PRICE_VND, `must be at most ${MAX_PRICE_VND}`),
  ...termsOfDays,
};

export const planId = z.string().regex(/^[a-z\d-]{1,40}$/, 'must be 1 to 40 of a-z 0-9 -');

const plan = z.strictObject({ id: planId, ...planFields });

/** Something that is sold: days of premium for an amount of VND. */
export type Plan = z.output<typeof plan>;

const plansFile = z.strictObject({
  plans: z
    .array(plan)
    .min(1, 'must have at least one plan')
    .max(MAX_PLANS, `must have at most ${MAX_PLANS} plans`)
    .refine(
      (plans) => new Set(plans.map(({ id }) => id)).size === plans.length,
      'must not have two plans with the same id',
    ),
});

function invalid(name: string, cause: string): Problem {
  return new Problem('misconfigured', {
    operator: {
      cause: `PAYMENT_PLANS: functions/${name} ${cause}`,
      remedy: setParameters(
        `correct functions/${name} (functions/plans.example.json shows its form) or PAYMENT_PLANS`,
        'functions',
      ),
    },
  });
}

/**
 * Parses the text of a plans file: `{"plans": [{id, name: {vi, en}, priceVnd, days}]}`.
 *
 * @param name Of the file, for the operator.
 * @throws Problem `misconfigured`
 */
export function parsePlans(text: string, name: string): readonly Plan[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw invalid(name, 'is not JSON');
  }
  const { data, error } = plansFile.safeParse(content);
  if (data) return data.plans;
  const faults = error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'the file'} ${issue.message}`,
  );
  throw invalid(name, `is not of the documented form: ${faults.slice(0, 5).join('; ')}`);
}

/**
 * Reads a plans file from the folder that was deployed, which is the working directory of a function.
 *
 * @throws Problem `misconfigured`
 */
export function readPlans(name: string, folder = process.cwd()): readonly Plan[] {
  let text: string;
  try {
    text = readFileSync(path.join(folder, name), 'utf8');
  } catch {
    throw invalid(name, 'is not there');
  }
  return parsePlans(text, name);
}
