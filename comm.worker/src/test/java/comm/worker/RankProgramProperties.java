package comm.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** How programs are written on a command line. */
class RankProgramProperties {

  @Property
  void reads_what_it_prints(@ForAll("names") String module, @ForAll("names") String type) {
    RankProgram inModule = new RankProgram(Optional.of(module), "p." + type);
    RankProgram onClassPath = new RankProgram(Optional.empty(), type);

    assertEquals(inModule, RankProgram.parse(inModule.toString()));
    assertEquals(onClassPath, RankProgram.parse(onClassPath.toString()));
  }

  @Property
  void refuses_names_with_a_character_that_no_name_has(
      @ForAll("names") String before, @ForAll("others") char other, @ForAll("names") String after) {
    assertThrows(
        IllegalArgumentException.class, () -> RankProgram.parse("m/" + before + other + after));
    assertThrows(IllegalArgumentException.class, () -> RankProgram.parse(before + other + after));
  }

  @Property
  void refuses_empty_parts(@ForAll("names") String name) {
    for (String text : new String[] {"", name + ".", "." + name, "/" + name, name + "/", "a..b"}) {
      assertThrows(IllegalArgumentException.class, () -> RankProgram.parse(text), text);
    }
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> first =
        Arbitraries.strings().withChars("abzAZ_$\u00e9").ofMinLength(1).ofMaxLength(3);
    Arbitrary<String> rest = Arbitraries.strings().withChars("abz09AZ_$").ofMaxLength(5);
    return Combinators.combine(first, rest)
        .as((a, b) -> a + b)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(parts -> String.join(".", parts));
  }

  @Provide
  Arbitrary<Character> others() {
    return Arbitraries.of(' ', '-', '\\', '"', '\n', '\0', '@', ':', '*');
  }
}
