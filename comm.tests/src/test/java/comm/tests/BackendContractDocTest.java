package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.testkit.Capability;
import comm.testkit.conformance.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract in words says what the kit has in code. */
class BackendContractDocTest {

  private static List<String> rows(String pattern) throws IOException {
    return Files.readAllLines(Project.root().resolve("docs/backend-contract.md")).stream()
        .filter(line -> line.matches(pattern))
        .toList();
  }

  @Test
  void every_rule_stands_in_the_contract_word_for_word() throws IOException {
    List<String> expected =
        Stream.of(Rule.values())
            .map(
                rule ->
                    "| "
                        + rule
                        + " | "
                        + rule.level()
                        + " | "
                        + rule.text()
                        + rule.untestable().map(why -> " *Not tested: " + why + ".*").orElse("")
                        + " | "
                        + rule.intent()
                        + " |")
            .toList();

    assertEquals(String.join("\n", expected), String.join("\n", rows("\\| [A-Z][0-9]+ \\|.*")));
  }

  @Test
  void every_capability_stands_in_the_contract() throws IOException {
    List<String> expected = Stream.of(Capability.values()).map(Capability::name).toList();

    assertEquals(
        expected, rows("\\| `[A-Z_]+` \\|.*").stream().map(row -> row.split("`", -1)[1]).toList());
  }
}
