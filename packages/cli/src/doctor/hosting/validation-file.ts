import { ask } from '../ask';
import { defineCheck } from '../check';
import { deploy, doctor } from '../commands';
import { failed, notChecked, ok } from '../finding';
import { connectDomain, deadEnd } from './dead-end';

const IS_PAGE = /^\s*<(?:!doctype|html)/i;

/** With this file Tini Console verifies a domain. */
export const validationFile = defineCheck({
  name: 'validation-file',
  title: 'Validation file',
  area: 'Way in',
  needs: ['subject'],
  look: async (world, { subject }) => {
    const { projectId, domain, validationCode } = subject;
    if (validationCode === undefined) {
      return notChecked(
        'needs the code that Tini Console shows for the domain',
        `${doctor(subject)} --validation-code <code>`,
      );
    }
    const path = `tiki-validation-code/${validationCode}/auth.txt`;
    const fix = `# put Tini Console's file at public/${path}, then\n` + deploy('hosting', subject);
    const reply = await ask(world, { method: 'GET', url: `${domain}/${path}` });
    if (reply.kind === 'nothing') return deadEnd(reply, domain, connectDomain(projectId));
    if (reply.status !== 200) {
      return failed(`${domain}/${path} is not there (HTTP status ${reply.status})`, fix);
    }
    const isText = reply.headers.get('content-type')?.startsWith('text/plain') ?? false;
    if (!isText || IS_PAGE.test(reply.text)) {
      return failed(`${domain}/${path} is a page instead of the text file`, fix);
    }
    if (reply.text.trim() === '') return failed(`${domain}/${path} is empty`, fix);
    return ok('Tini Console can read it');
  },
});
