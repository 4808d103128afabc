import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { type ReactNode, useId, useRef, useState } from 'react';
import { failureOf } from '../api/advice';
import { useConsole } from './console-context';
import { FailureAlert } from './failure-alert';

interface ConfirmDialogProps {
  readonly title: string;
  /** Repeats what will happen. */
  readonly children: ReactNode;
  /** What else has to be filled in, above the reason. */
  readonly form?: ExtraFields;
  /** Names what happens: `Approve this plan`, never `OK`. */
  readonly confirm: string;
  /** Examples help more than rules. */
  readonly reasonHint: string;
  /** Why it cannot be confirmed any more, when something changed while the dialog was open. */
  readonly blocked?: string | undefined;
  /** Does it. `key` stays the same for as long as the reader means the same thing. */
  readonly onConfirm: (reason: string, key: string) => Promise<void>;
  readonly onClose: () => void;
}

interface ExtraFields {
  /** `asked`: it is time to say what is missing. */
  readonly fields: (asked: boolean) => ReactNode;
  readonly complete: boolean;
  /** What is filled in, as text: something else is another intention. */
  readonly value: string;
}

/** Characters that the API takes of a reason. */
const LONGEST = 1024;

/** Asks for a reason and a second click; says what went wrong without closing. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, form, confirm, reasonHint, blocked, onConfirm, onClose } = props;
  const { session } = useConsole();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const attempt = useRef<{ meant: string; key: string }>(undefined);
  const isTooLongAgo = error !== undefined && failureOf(error).code === 'REAUTHENTICATE';
  const hintId = useId();
  const words = oneLine(reason);
  const problem =
    words === ''
      ? 'Write why: it goes into the audit log, and colleagues will read it.'
      : words.length > LONGEST
        ? `At most ${LONGEST} characters; these are ${words.length}.`
        : undefined;

  const submit = async () => {
    setAsked(true);
    if (problem !== undefined || form?.complete === false || blocked !== undefined || busy) return;
    // Sending the same again after a lost answer must not do it twice; another reason is another intention.
    const meant = JSON.stringify([words, form?.value]);
    if (attempt.current?.meant !== meant) attempt.current = { meant, key: crypto.randomUUID() };
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm(words, attempt.current.key);
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <Modal
      visible
      header={title}
      closeAriaLabel="Close without doing anything"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button
              variant="primary"
              onClick={() => void submit()}
              loading={busy}
              loadingText="Sending"
              disabled={blocked !== undefined}
              data-testid="confirm"
            >
              {confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {blocked !== undefined && (
          <div role="alert">
            <Box color="text-status-error">{blocked}</Box>
          </div>
        )}
        {children}
        {form?.fields(asked)}
        <FormField
          label="Reason"
          description={<span id={hintId}>{reasonHint}</span>}
          errorText={asked ? problem : undefined}
          i18nStrings={{ errorIconAriaLabel: 'Error' }}
          stretch
        >
          <Textarea
            value={reason}
            onChange={({ detail }) => setReason(detail.value)}
            rows={3}
            ariaRequired
            autoFocus
          />
        </FormField>
        {error !== undefined && <FailureAlert error={error} />}
        {isTooLongAgo && <Button onClick={() => void session.signIn({ fresh: true })}>Sign in afresh</Button>}
      </SpaceBetween>
    </Modal>
  );
}

/** A reason is one line: line breaks and other control characters become spaces. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
