package io.bitcoincontroller.sim.lessons;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import io.bitcoincontroller.sim.lessons.Lesson.Lacking;
import io.bitcoincontroller.sim.lessons.Lesson.Other;
import io.bitcoincontroller.sim.lessons.Lesson.Successor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plays all lessons, and writes their files into a folder, with a list of them. */
public final class WriteLessons {
  private static final List<Lesson> LESSONS =
      List.of(
          NetworkComesUp.lesson(),
          PodComesBack.lesson(),
          TwoQuickChanges.lesson(),
          HistoryForgotten.lesson(),
          HalfOpenWatch.lesson(),
          LostAnswer.lesson(),
          FrozenNode.lesson(),
          RollOutWaits.lesson(),
          PausedLeader.lesson(),
          ChangeUndone.lesson(),
          ForeignObject.lesson(),
          UnreadableObject.lesson());

  private final Path folder;

  private WriteLessons(Path folder) {
    this.folder = folder;
  }

  /** Needs a JVM as SimulatedJvm makes it, and the folder. */
  public static void main(String... arguments) throws IOException {
    var writer = new WriteLessons(Files.createDirectories(Path.of(arguments[0])));
    var list = Json.MAPPER.createArrayNode();
    for (var lesson : LESSONS) {
      list.add(writer.write(lesson));
    }
    var text = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(list);
    Files.writeString(writer.folder.resolve("list.json"), text + "\n");
  }

  /** Returns its place in the list. */
  private ObjectNode write(Lesson lesson) throws IOException {
    var own = played(lesson, Optional.empty(), 0);
    write(lesson.name(), own, lesson, lesson.stops(), own);
    var listed = Json.MAPPER.createObjectNode();
    listed.put("name", lesson.name()).put("title", lesson.title()).put("words", lesson.words());
    var others = listed.putArray("others");
    for (Other other : lesson.others()) {
      var name = lesson.name() + "." + other.name();
      var file =
          switch (other) {
            case Lacking(var safeguard, _) -> played(lesson, Optional.of(safeguard), 0);
            case Successor _ -> played(lesson, Optional.empty(), 1);
          };
      write(name, file, lesson, other.stops(), own);
      others.addObject().put("name", name).put("label", other.label());
    }
    return listed;
  }

  private static LessonFile played(Lesson lesson, Optional<Without> without, int seenBy)
      throws IOException {
    var firstCause = Cause.of(Cause.Kind.ASKED).id();
    var play = new Play(lesson.seed(), lesson.controllers(), without);
    lesson.script().accept(play);
    return new LessonFile(play.lines(seenBy), (long) (lesson.from() * 1e6), firstCause);
  }

  private void write(
      String name, LessonFile file, Lesson lesson, List<Stop> stops, LessonFile beside)
      throws IOException {
    var lines = file.lines(lesson.title(), lesson.words(), places(name, file, stops, beside));
    Files.writeString(
        folder.resolve(name + ".jsonl"), String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
  }

  private static SortedMap<Integer, Stop> places(
      String name, LessonFile file, List<Stop> stops, LessonFile beside) {
    var places = new TreeMap<Integer, Stop>();
    var from = 0;
    for (var stop : stops) {
      var place =
          stop.at().isParting()
              ? Parting.of(file.entries(), beside.entries())
              : place(file.entries(), from, stop.at());
      if (place >= file.entries().size()) {
        throw new IllegalStateException(name + " has no entry for \"" + stop.title() + '"');
      }
      places.put(place, stop);
      from = place + 1;
    }
    return places;
  }

  private static int place(List<ObjectNode> entries, int from, Sought sought) {
    var place = from;
    while (place < entries.size() && !sought.fits().test(entries.get(place))) {
      place++;
    }
    return place;
  }
}
