/** Long text as it is, never as markup: it scrolls by itself, also by keyboard. */
export function Excerpt({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section className="excerpt" aria-label={label} tabIndex={0}>
      <pre>{text}</pre>
    </section>
  );
}
