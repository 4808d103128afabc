import { subjectOf } from '../../shared/domain/person';
import { UsageError } from '../errors';

/** Whose an access token is, as it says itself: for showing only. The deciding function verifies it. */
export function tokenSubject(token: string): string {
  try {
    const [, payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
    const { iss, sub } = claims;
    if (typeof iss === 'string' && typeof sub === 'string') return subjectOf(iss, sub);
  } catch {
    // Said below, as for a token without a subject.
  }
  throw new UsageError('GRACE_TOKEN is no access token: sign in, and put the new one there');
}
