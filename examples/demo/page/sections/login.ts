import { SAMPLE_CUSTOMERS } from '../customers';
import { h } from '../dom';
import { customerOf } from '../login/holder';
import { SCOPES, type Scope } from '../simulator';
import { PLANNED_LOGIN } from '../login/trace';
import type { Actions, LoginForm, Section, State } from '../state';
import { TEXTS } from '../text/languages';
import type { Texts } from '../text/texts';
import { busyText } from './busy-note';
import { sequence } from './sequence';
import { sessionNote } from './session-note';

/** The customer, the button, and the diagram of the login. */
export const login: Section = (state, actions) => {
  const texts = TEXTS[state.language];
  return h(
    'div',
    { class: 'page-width login' },
    form(state, texts, actions),
    h(
      'div',
      { class: 'login-sequence' },
      h('h2', {}, texts.sequence.heading),
      sequence(state.login, PLANNED_LOGIN, state.language),
    ),
  );
};

function form(state: State, texts: Texts, actions: Actions): HTMLElement {
  const { form, busyWith } = state;
  const blocked = busyText(state) ?? (customerOf(form) ? undefined : texts.login.needsCustomer);
  return h(
    'form',
    {
      class: 'login-form',
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        actions.logIn();
      },
    },
    h('h2', { id: 'login-heading' }, texts.login.heading),
    h(
      'fieldset',
      {},
      h('legend', {}, texts.login.who),
      ...SAMPLE_CUSTOMERS.map(({ sample, id, name }) =>
        choice(form, sample, actions, name, id, texts.login.samples[sample]),
      ),
      choice(form, 'typed', actions, texts.login.someoneElse),
      form.choice === 'typed' && typedCustomer(form, texts, actions),
    ),
    h(
      'fieldset',
      { class: 'scopes' },
      h('legend', {}, texts.login.scopes),
      ...SCOPES.map((scope) => scopeBox(form, scope, texts, actions)),
    ),
    h(
      'div',
      { class: 'submit' },
      h(
        'button',
        // Not `disabled`, which would lose the focus.
        {
          type: 'submit',
          id: 'log-in',
          class: 'primary',
          'aria-disabled': String(blocked !== undefined),
          'aria-describedby': 'log-in-blocked',
        },
        busyWith === 'login' ? texts.login.submitting : texts.login.submit,
      ),
      h('p', { class: 'busy-note', id: 'log-in-blocked' }, blocked),
    ),
    sessionNote(state, actions),
  );
}

function choice(
  form: LoginForm,
  value: LoginForm['choice'],
  actions: Actions,
  name: string,
  id?: string,
  why?: string,
): HTMLElement {
  return h(
    'label',
    { class: 'customer' },
    h('input', {
      type: 'radio',
      name: 'customer',
      value,
      checked: form.choice === value,
      onchange: () => {
        actions.editForm({ choice: value });
      },
    }),
    h('span', { class: 'customer-name' }, name),
    id !== undefined && h('code', {}, id),
    why !== undefined && h('span', { class: 'customer-why' }, why),
  );
}

function typedCustomer(form: LoginForm, { login }: Texts, actions: Actions): HTMLElement {
  const wrong = form.typedId.trim() !== '' && customerOf(form) === undefined;
  return h(
    'div',
    { class: 'typed-customer' },
    h('label', { for: 'typed-id' }, login.customerId),
    h('input', {
      id: 'typed-id',
      inputmode: 'numeric',
      autocomplete: 'off',
      value: form.typedId,
      'aria-describedby': 'typed-id-hint',
      'aria-invalid': String(wrong),
      oninput: (event) => {
        actions.editForm({ typedId: textOf(event) });
      },
    }),
    h(
      'p',
      { id: 'typed-id-hint', class: wrong ? 'hint wrong' : 'hint' },
      wrong ? login.customerIdWrong : login.customerIdHint,
    ),
    h('label', { for: 'typed-name' }, login.customerName),
    h('input', {
      id: 'typed-name',
      autocomplete: 'off',
      value: form.typedName,
      oninput: (event) => {
        actions.editForm({ typedName: textOf(event) });
      },
    }),
  );
}

function scopeBox(form: LoginForm, scope: Scope, { login }: Texts, actions: Actions): HTMLElement {
  return h(
    'label',
    { class: 'scope' },
    h('input', {
      type: 'checkbox',
      name: 'scope',
      value: scope,
      checked: form.scopes.includes(scope),
      onchange: () => {
        const others = form.scopes.filter((other) => other !== scope);
        actions.editForm({ scopes: form.scopes.includes(scope) ? others : [...others, scope] });
      },
    }),
    h('code', {}, scope),
    h('span', {}, login.scopeHint[scope]),
  );
}

function textOf(event: Event): string {
  return event.target instanceof HTMLInputElement ? event.target.value : '';
}
