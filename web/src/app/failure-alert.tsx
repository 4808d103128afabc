import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { failureOf } from '../api/advice';

/** What went wrong, what to do, and what to quote. */
export function FailureAlert({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { title, detail, advice, code, correlationId, fields } = failureOf(error);
  return (
    <div role="alert">
      <Alert
        type="error"
        header={title}
        action={onRetry && <Button onClick={onRetry}>Try again</Button>}
        statusIconAriaLabel="Error"
      >
        {detail !== title && <div>{detail}</div>}
        {fields.map(({ field, message }) => (
          <div key={field}>
            <code>{field}</code>: {message}
          </div>
        ))}
        {advice !== '' && <div>{advice}</div>}
        <Box variant="small" color="inherit">
          {code}
          {correlationId !== undefined && <> · correlation id {correlationId}</>}
        </Box>
      </Alert>
    </div>
  );
}
