import type { Language } from '../language';
import { english } from './en';
import type { Texts } from './texts';
import { vietnamese } from './vi';

export const TEXTS: Readonly<Record<Language, Texts>> = { vi: vietnamese, en: english };
