import { useEffect, useRef, useState } from 'react';
import type { ApprovalDetail } from '../../../shared/contracts/api/governance';
import { useConsole } from '../app/console-context';
import { useMe } from '../app/deployment';
import { shortSubject } from '../format/names';
import { STATUS_WORDS } from '../format/status';

interface RequestNews {
  /** The hash of the plan that the reader had before them when it changed; nothing until they have read the new one. */
  readonly changedFrom: string | undefined;
  acknowledge(): void;
}

/** Says at once what others did to the request while it is on the screen. */
export function useRequestNews(request: ApprovalDetail): RequestNews {
  const { notify } = useConsole();
  const me = useMe();
  const before = useRef(request);
  const [changedFrom, setChangedFrom] = useState<string>();

  useEffect(() => {
    const last = before.current;
    before.current = request;
    if (last.approval.planHash !== request.approval.planHash) {
      setChangedFrom(last.approval.planHash);
      return;
    }
    const known = new Set(last.approval.votes.map(({ subject }) => subject));
    for (const { subject, decision } of request.approval.votes) {
      if (known.has(subject) || subject === me?.subject) continue;
      notify({
        kind: decision === 'approve' ? 'info' : 'warning',
        title: `${shortSubject(subject)} ${decision === 'approve' ? 'agreed' : 'denied'}`,
      });
    }
    const { status } = request.contract;
    if (last.contract.status !== status && last.contract.status === 'awaiting_approval') {
      notify({
        kind: 'info',
        title: `Request closed: ${STATUS_WORDS[status].label}`,
        text: STATUS_WORDS[status].means,
      });
    }
  }, [request, me, notify]);

  return { changedFrom, acknowledge: () => setChangedFrom(undefined) };
}
