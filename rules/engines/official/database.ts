import type { RulesTestContext } from '@firebase/rules-unit-testing';
import type { Case } from '../../case';
import { databaseTree } from '../../world';
import type { OfficialService } from './service';

function ask(client: RulesTestContext, { operation, path, data }: Case): Promise<unknown> {
  const node = client.database().ref(`/${path}`);
  switch (operation) {
    case 'get':
    case 'list':
      return node.get();
    case 'delete':
      return node.remove();
    default:
      return node.set(data);
  }
}

export const database: OfficialService = {
  ask,
  // The whole tree: removing a node can also remove its empty parents.
  restore: (server, world) => server.database().ref('/').set(databaseTree(world)),
};
