import { type Html, html } from '../html';
import { type LanguageChoice, linkTo } from '../language';
import type { Receipt, Receipts } from '../receipts';
import { type Frame, layout } from './layout';

export function receiptsPage(frame: Frame, receipts: Receipts): Html {
  const { choice, texts } = frame;
  const { title, lead, back } = texts.receipts;
  return layout(frame, {
    path: '/receipts',
    title,
    main: html`<main id="receipts" class="page-width" data-state="${receipts.state}">
      <h1>${title}</h1>
      <p class="lead">${lead}</p>
      ${list(frame, receipts)}
      <p><a href="${linkTo('/profile', choice)}">${back}</a></p>
    </main>`,
  });
}

function list(frame: Frame, receipts: Receipts): Html {
  const texts = frame.texts.receipts;
  if (receipts.state === 'unavailable') return html`<p class="notice">${texts.unavailable}</p>`;
  if (receipts.receipts.length === 0) return html`<p class="card">${texts.none}</p>`;
  return html`<table class="card receipts">
    <thead>
      <tr>
        <th scope="col">${texts.date}</th>
        <th scope="col">${texts.what}</th>
        <th scope="col">${texts.amount}</th>
      </tr>
    </thead>
    <tbody>
      ${receipts.receipts.map((receipt) => row(frame, receipt))}
    </tbody>
  </table>`;
}

function row({ texts, choice }: Frame, receipt: Receipt): Html {
  const { reference, name, priceVnd, paidAt, refundedAt } = receipt;
  const refunded =
    refundedAt !== null &&
    html`<span class="refunded">${texts.receipts.refunded(dayOf(refundedAt, choice))}</span>`;
  return html`<tr data-reference="${reference}">
    <td>${dayOf(paidAt, choice)}</td>
    <td>${name[choice.language]} ${refunded}</td>
    <td class="amount">${amountOf(priceVnd, choice)}</td>
  </tr>`;
}

const localeOf = ({ language }: LanguageChoice) => (language === 'vi' ? 'vi-VN' : 'en-GB');

/** 49.000 ₫, or ₫49,000. */
function amountOf(vnd: number, choice: LanguageChoice): string {
  return new Intl.NumberFormat(localeOf(choice), { style: 'currency', currency: 'VND' }).format(
    vnd,
  );
}

function dayOf(instant: number, choice: LanguageChoice): string {
  return new Intl.DateTimeFormat(localeOf(choice), {
    dateStyle: 'medium',
    timeZone: 'Asia/Ho_Chi_Minh',
  }).format(instant);
}
