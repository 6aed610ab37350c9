package comm.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Lines up cells in columns; numbers go to the right. */
final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  Table row(Collection<String> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  /** One line a row, without a line end at the end. */
  String text() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] width = new int[columns];
    boolean[] toRight = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      int c = column;
      width[c] = rows.stream().mapToInt(row -> cell(row, c).length()).max().orElse(0);
      // The first row is the heading, and "-" stands where there is no number.
      toRight[c] = rows.stream().skip(1).allMatch(row -> cell(row, c).matches("[-\\d.]*"));
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String cell = cell(row, c);
        String gap = " ".repeat(width[c] - cell.length());
        line.append(c == 0 ? "" : "  ").append(toRight[c] ? gap + cell : cell + gap);
      }
      lines.add(line.toString().stripTrailing());
    }
    return String.join("\n", lines);
  }

  private static String cell(List<String> row, int column) {
    return column < row.size() ? row.get(column) : "";
  }
}
