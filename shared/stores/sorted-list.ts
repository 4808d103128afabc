/** A list kept in order by binary insertion; no two elements compare as equal. */
export interface SortedList<T> {
  readonly length: number;
  at(position: number): T;
  add(element: T): void;
  remove(element: T): void;
  /** The first position whose element is not before `bound`: `before(element)` is true, then false. */
  firstNot(before: (element: T) => boolean): number;
}

export function sortedList<T>(compare: (a: T, b: T) => number): SortedList<T> {
  const elements: T[] = [];
  const firstNot = (before: (element: T) => boolean) => {
    let [low, high] = [0, elements.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(elements[middle] as T)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const place = (element: T) => firstNot((other) => compare(other, element) < 0);
  return {
    get length() {
      return elements.length;
    },
    at: (position) => elements[position] as T,
    add: (element) => {
      elements.splice(place(element), 0, element);
    },
    remove: (element) => {
      const position = place(element);
      if (position < elements.length && compare(elements[position] as T, element) === 0) {
        elements.splice(position, 1);
      }
    },
    firstNot,
  };
}
