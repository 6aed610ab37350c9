package comm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.cli.bench.BenchRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tables, JSON, and the rows of benchmarks. */
class OutputTest {

  @Test
  void lines_up_text_to_the_left_and_numbers_to_the_right() {
    Table table = new Table().row(List.of("what", "ns")).row(List.of("a", "1.5"));
    table.row(List.of("longer", "10"));

    assertEquals(
        """
        what     ns
        a       1.5
        longer   10""",
        table.text());
  }

  @Test
  void writes_json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "a \"b\" \\ \n\u0001");
    map.put("list", List.of(1, 2.5, true));
    map.put("none", Optional.empty());
    map.put("some", Optional.of("x"));

    assertEquals(
        "{\"text\":\"a \\\"b\\\" \\\\ \\u000a\\u0001\",\"list\":[1,2.5,true],\"none\":null,"
            + "\"some\":\"x\"}",
        Json.of(map));
  }

  @Test
  void reads_rows_of_benchmarks_and_nothing_else() {
    assertEquals(
        "{\"ranks\":2,\"what\":\"sim barrier\",\"p50 us\":0.25}",
        Json.of(
            BenchRow.parse("@bench-row\tranks=2\twhat=sim barrier\tp50 us=0.25").orElseThrow()));
    assertEquals(Optional.empty(), BenchRow.parse("ranks=2"));
  }
}
