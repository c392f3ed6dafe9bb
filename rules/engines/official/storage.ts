import type { RulesTestContext } from '@firebase/rules-unit-testing';
import type { Case } from '../../case';
import type { StoredFile } from '../../world';
import { restoreDocuments } from './firestore';
import type { OfficialService } from './service';

const upload = (context: RulesTestContext, name: string, { size, contentType }: StoredFile) =>
  context.storage().ref(name).put(new Uint8Array(size), { contentType });

async function ask(client: RulesTestContext, { operation, path, data }: Case): Promise<void> {
  const object = client.storage().ref(path);
  switch (operation) {
    case 'get':
      await object.getMetadata();
      break;
    case 'list':
      await object.list();
      break;
    case 'delete':
      await object.delete();
      break;
    default:
      // Rows that write a file have its size and type as data.
      await upload(client, path, data as StoredFile);
  }
}

export const storage: OfficialService = {
  ask,
  restore: async (server, world, path) => {
    if (path === undefined) {
      // The strict rules read entitlements from Firestore.
      await restoreDocuments(server, world);
      for (const [name, file] of Object.entries(world.files)) await upload(server, name, file);
      return;
    }
    const file = world.files[path];
    if (file) await upload(server, path, file);
    else await server.storage().ref(path).delete();
  },
};
