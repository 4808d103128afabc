import Alert from '@cloudscape-design/components/alert';
import Link from '@cloudscape-design/components/link';
import { hrefOf } from './router';
import { useFindings } from './use-findings';

/** The line on every page, for those who may read the log, that something about it is not as it should be. */
export function FindingsAlert() {
  const { open } = useFindings();
  if (open.length === 0) return null;
  const [newest] = open;
  return (
    <div role="status">
      <Alert
        type="error"
        header="Something about the audit log is not as it should be"
        statusIconAriaLabel="Error"
      >
        {newest?.means}{' '}
        <Link href={hrefOf('audit')}>
          {open.length === 1 ? 'What to do' : `All ${open.length}, and what to do`}
        </Link>
      </Alert>
    </div>
  );
}
