package comm.worker.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cutting a stream into lines. */
class LinePumpTest {

  private static List<String> pumped(InputStream stream) {
    List<String> lines = new ArrayList<>();
    LinePump pump = new LinePump(stream, lines::add);
    pump.run();
    assertTrue(pump.done().isDone());
    return lines;
  }

  private static List<String> pumped(String text) {
    return pumped(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void keeps_empty_lines_and_a_last_line_without_an_end() {
    assertEquals(List.of("a", "", "b"), pumped("a\n\nb"));
    assertEquals(List.of("a"), pumped("a\n"));
    assertEquals(List.of(), pumped(""));
  }

  @Test
  void takes_off_both_kinds_of_line_end_but_keeps_lone_carriage_returns() {
    assertEquals(List.of("a", "1\r2\r3", "b"), pumped("a\r\n1\r2\r3\nb"));
  }

  @Test
  void reads_utf_8() {
    assertEquals(List.of("\u00e9\u4e16\ud83d\ude00"), pumped("\u00e9\u4e16\ud83d\ude00\n"));
  }

  @Test
  void hands_on_a_line_that_never_ends_in_pieces() {
    List<String> lines = pumped("x".repeat(LinePump.LONGEST_LINE + 5));

    assertEquals(List.of(LinePump.LONGEST_LINE, 5), lines.stream().map(String::length).toList());
  }

  @Test
  void ends_with_what_it_has_when_the_stream_breaks() {
    InputStream broken =
        new InputStream() {
          private int next = 'a';

          @Override
          public int read() throws IOException {
            if (next > 'c') {
              throw new IOException("broken pipe");
            }
            return next++;
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            target[offset] = (byte) read();
            return 1;
          }
        };

    assertEquals(List.of("abc [output ends here: broken pipe]"), pumped(broken));
  }
}
