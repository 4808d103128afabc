import type { LiveTarget, Target } from '../../domain/target';
import { MANAGED_TAG } from '../../names';
import { MalformedAnswerError, TargetElsewhereError } from '../errors';
import type { ClientConfig } from './send-once';

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export interface Found {
  readonly target: Target;
  readonly tags: readonly Tag[] | undefined;
  readonly facts: LiveTarget['facts'];
}

/** A live target with its tags; managed means that it carries the tag without which Grace changes nothing. */
export function liveTarget({ target, tags: list, facts }: Found): LiveTarget {
  const tags = Object.fromEntries((list ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  const managed = Object.hasOwn(tags, MANAGED_TAG.key) && tags[MANAGED_TAG.key] === MANAGED_TAG.value;
  return { target, managed, tags, facts };
}

/**
 * A client sees one region of one account; a resource of the same name elsewhere is another resource.
 * @throws TargetElsewhereError
 */
export async function requireRegion(client: ClientConfig, target: Target): Promise<void> {
  const region = await client.config.region();
  if (region !== target.region) {
    throw new TargetElsewhereError(`the target is in ${target.region}, the client in ${region}`);
  }
}

/**
 * @param owner account id that the service's answer names; an answer without one is not checked
 * @throws TargetElsewhereError
 */
export function requireAccount(owner: string | undefined, target: Target): void {
  if (owner && owner !== target.account) {
    throw new TargetElsewhereError(`the target is of account ${target.account}, the resource of ${owner}`);
  }
}

/** The account of an ARN, its fifth part. */
export function accountOf(arn: string | undefined): string | undefined {
  return arn?.split(':')[4];
}

/** @throws MalformedAnswerError when the answer lacks a value that the API always gives */
export function given<T>(value: T | undefined | null, field: string): T {
  if (value === undefined || value === null) throw new MalformedAnswerError(`the answer has no ${field}`);
  return value;
}
