import type { DeployTask } from './command';
import { deploy } from './deploy';
import { rollBack } from './rollback';
import { world } from './world';

/** @returns the exit code */
export const carryOutDeploy = (task: DeployTask): Promise<number> =>
  task.name === 'deploy' ? deploy(world, task) : rollBack(world, task);
