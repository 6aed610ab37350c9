package comm.tests;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java code in documents, and the regions of source files that it must be. A document says it in
 * the line before the block, as {@code <!-- from path/File.java#region -->}; a source file marks a
 * region as Javadoc's snippets do, from {@code // @start region="name"} to {@code // @end}.
 */
final class Snippets {

  private static final Pattern FROM = Pattern.compile("<!-- from (\\S+)#(\\S+) -->");
  private static final Pattern START = Pattern.compile("\\s*// @start region=\"([^\"]+)\"");
  private static final Pattern END = Pattern.compile("\\s*// @end");

  private Snippets() {}

  /** A region of a source file; the file's path is relative to the project's root. */
  record Source(String file, String region) {}

  /** A block of Java in a document: the number of its first line, whence it is, and its text. */
  record Block(int line, Optional<Source> source, String text) {}

  /** The blocks of Java in a document. */
  static List<Block> blocks(String document) {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = document.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals("```java")) {
        int first = i + 1;
        Optional<Source> source = i == 0 ? Optional.empty() : source(lines.get(i - 1));
        do {
          i++;
        } while (i < lines.size() && !lines.get(i).equals("```"));
        if (i == lines.size()) {
          throw new AssertionError("the block at line " + first + " has no end");
        }
        blocks.add(new Block(first + 1, source, text(lines.subList(first, i))));
      }
    }
    return blocks;
  }

  private static Optional<Source> source(String line) {
    Matcher from = FROM.matcher(line);
    return from.matches()
        ? Optional.of(new Source(from.group(1), from.group(2)))
        : Optional.empty();
  }

  /** The text of a region, moved to the left margin. */
  static String region(String text, String name) {
    List<String> region = new ArrayList<>();
    boolean inside = false;
    int found = 0;
    for (String line : text.lines().toList()) {
      Matcher start = START.matcher(line);
      if (inside && start.matches()) {
        throw new AssertionError("region " + name + " has another region in it");
      } else if (start.matches() && start.group(1).equals(name)) {
        inside = true;
        found++;
      } else if (END.matcher(line).matches()) {
        inside = false;
      } else if (inside) {
        region.add(line);
      }
    }
    if (inside || found != 1) {
      throw new AssertionError(
          inside ? "region " + name + " has no end" : found + " regions are called " + name);
    }
    return text(region);
  }

  private static String text(List<String> lines) {
    // A blank last line would count as one without indentation.
    return String.join("\n", lines).stripTrailing().stripIndent();
  }

  /** The text of a region in a file of a project. */
  static String region(Path root, Source source) {
    return region(Project.text(root.resolve(source.file())), source.region());
  }
}
