package comm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import picocli.CommandLine.TypeConversionException;

/** How times are written on the command line. */
class DurationConverterProperties {

  private final DurationConverter converter = new DurationConverter();

  @Property
  void reads_every_unit(@ForAll @IntRange(max = 999_999_999) int count) {
    assertEquals(Duration.ofMillis(count), converter.convert(count + "ms"));
    assertEquals(Duration.ofSeconds(count), converter.convert(count + "s"));
    assertEquals(Duration.ofMinutes(count), converter.convert(count + "m"));
    assertEquals(Duration.ofHours(count), converter.convert(count + "h"));
    assertEquals(Duration.ofSeconds(count), converter.convert("PT" + count + "S"));
  }

  @Property
  void refuses_a_number_without_a_unit(@ForAll int count) {
    assertThrows(TypeConversionException.class, () -> converter.convert(Integer.toString(count)));
  }

  @Example
  void says_how_a_time_is_written() {
    TypeConversionException e =
        assertThrows(TypeConversionException.class, () -> converter.convert("soon"));

    assertEquals("'soon' is not a duration; write it as 500ms, 30s, 2m or 1h", e.getMessage());
  }
}
