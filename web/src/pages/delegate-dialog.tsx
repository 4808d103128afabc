import Autosuggest from '@cloudscape-design/components/autosuggest';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';
import type { DelegateAnswer, DelegationView, PoliciesView } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { useMe } from '../app/deployment';
import { Who } from '../app/marks';
import { currentTime } from '../app/use-now';
import { useResource } from '../app/use-resource';
import { shortSubject, wholeSubject } from '../format/names';

const HOUR = 3_600_000;
const TIMES = [
  { value: '1', label: '1 hour' },
  { value: '4', label: '4 hours' },
  { value: '8', label: '8 hours' },
  { value: '24', label: '1 day' },
  { value: '72', label: '3 days' },
  { value: '168', label: '1 week' },
] as const;

interface DelegateDialogProps {
  /** The delegation that this one takes the place of. */
  readonly replaces: DelegationView | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Lets one other person speak for the reader: who, for how long, why. */
export function DelegateDialog({ replaces, onDone, onClose }: DelegateDialogProps) {
  const { client, notify } = useConsole();
  const me = useMe();
  const known = useResource<PoliciesView>(PATHS.policies).data?.approvers ?? [];
  const [who, setWho] = useState('');
  const [hours, setHours] = useState<(typeof TIMES)[number]>(TIMES[2]);
  const untils = useRef<Record<string, string>>({});
  const name = who.trim();
  const to = wholeSubject(name, me?.subject ?? '');
  return (
    <ConfirmDialog
      title="Let somebody speak for you?"
      confirm="Delegate"
      reasonHint="For example: “I am on leave until Monday.”"
      onClose={onClose}
      form={{
        complete: name !== '',
        value: `${to} ${hours.value}`,
        fields: (asked) => (
          <SpaceBetween size="m">
            <FormField
              label="Who"
              description="Somebody known here; choose, or type a name."
              errorText={asked && name === '' ? 'Name one other person.' : undefined}
              i18nStrings={{ errorIconAriaLabel: 'Error' }}
              stretch
            >
              <Autosuggest
                value={who}
                onChange={({ detail }) => setWho(detail.value)}
                options={known
                  .filter((subject) => subject !== me?.subject)
                  .map((subject) => ({ value: subject, label: shortSubject(subject) }))}
                enteredTextLabel={(text) => `Use “${text}”`}
                empty="Type a name"
                ariaRequired
              />
            </FormField>
            <FormField label="For how long" stretch>
              <Select
                selectedOption={hours}
                options={TIMES}
                onChange={({ detail }) =>
                  setHours(TIMES.find(({ value }) => value === detail.selectedOption.value) ?? TIMES[2])
                }
              />
            </FormField>
          </SpaceBetween>
        ),
      }}
      onConfirm={async (reason, idempotencyKey) => {
        // Sent again under the same key, it is the same request.
        untils.current[idempotencyKey] ??= new Date(currentTime() + Number(hours.value) * HOUR).toISOString();
        const until = untils.current[idempotencyKey];
        const answer = await client.write<DelegateAnswer>('POST', PATHS.delegations, {
          body: { to, until, reason },
          idempotencyKey,
        });
        notify({ kind: 'success', title: `${shortSubject(answer.delegate)} speaks for you now.` });
        onDone();
      }}
    >
      <p>
        They vote in your place; together you have one voice, and whoever of you speaks first has used it. You
        can end it at any time.
        {replaces !== undefined && (
          <>
            {' '}
            It takes the place of your delegation to <Who subject={replaces.delegate} />.
          </>
        )}
      </p>
    </ConfirmDialog>
  );
}
