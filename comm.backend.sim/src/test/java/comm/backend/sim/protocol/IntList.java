package comm.backend.sim.protocol;

import java.util.Arrays;

/** A list of ints that costs four bytes each, for graphs of millions of edges. */
final class IntList {

  private int[] elements = new int[1024];
  private int size;

  void add(int element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, size * 2);
    }
    elements[size++] = element;
  }

  int get(int index) {
    return elements[index];
  }

  int size() {
    return size;
  }
}
